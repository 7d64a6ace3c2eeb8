# tries: a hundred thousand frames in a chain of exceptions that refers to itself
# attack: 66, huge-traceback
# limits: wall_ms 5_000
# ends: exception or WallLimit
a, b = ValueError('a'), ValueError('b')
a.__cause__, b.__cause__ = b, a
a.__context__ = a
raise a
