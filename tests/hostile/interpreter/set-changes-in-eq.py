# tries: sets that change while they are compared and united
# attack: 38, interpreter-crashes
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
class Evil:
    def __init__(self, n): self.n = n
    def __hash__(self): return 0
    def __eq__(self, other):
        a.clear()
        b.add(Evil(len(b)))
        return False
a, b = set(), set()
for i in range(20):
    try:
        a.add(Evil(i)); b.add(Evil(i))
        a | b, a & b, a - b, a ^ b, a == b, a <= b, a.update(b), a.intersection_update(b), frozenset(a)
    except RuntimeError:
        pass
