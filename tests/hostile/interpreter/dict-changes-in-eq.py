# tries: dictionaries that change while they are merged, compared and popped
# attack: 38, interpreter-crashes
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
class Evil:
    def __hash__(self): return 0
    def __eq__(self, other):
        a.pop(next(iter(a), None), None)
        b[len(b)] = 1
        return False
a, b = {}, {}
for i in range(50):
    try:
        a[Evil()] = b[Evil()] = i
        a | b, a == b, a.update(b), a.pop(Evil(), None), a.setdefault(Evil(), 1), list(a.items()), a.popitem(), dict(a), {**a, **b}
    except (RuntimeError, KeyError):
        pass
