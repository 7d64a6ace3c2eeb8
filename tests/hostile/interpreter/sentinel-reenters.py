# tries: an iterator whose sentinel asks the iterator
# attack: interpreter-crashes, 40
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
class Sentinel:
    def __eq__(self, other):
        return next(it, 1)
it = iter(lambda: 1, Sentinel())
next(it, None)
