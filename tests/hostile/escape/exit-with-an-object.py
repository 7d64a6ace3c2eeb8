# tries: leaving with something that cannot be shown
# attack: 80
# ends: exception or SystemExit
class Shy:
    def __repr__(self): raise ValueError
    __str__ = __repr__
raise SystemExit(Shy())
