# tries: slice bounds that change the list that is sliced
# attack: 39, interpreter-crashes
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
numbers = list(range(100))
class Bound:
    def __init__(self, n): self.n = n
    def __index__(self):
        numbers.clear()
        return self.n
for use in (lambda: numbers[Bound(1):Bound(50)], lambda: numbers.insert(Bound(50), 1), lambda: numbers.pop(Bound(50)), lambda: numbers.__setitem__(slice(Bound(1), Bound(50), Bound(2)), [1] * 25), lambda: numbers.__delitem__(slice(Bound(1), Bound(50), 3)), lambda: numbers.__imul__(Bound(3)), lambda: numbers.index(1, Bound(1), Bound(50))):
    try:
        numbers.extend(range(100))
        use()
    except Exception:
        pass
