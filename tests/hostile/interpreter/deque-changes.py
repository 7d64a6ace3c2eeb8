# tries: a deque that changes while it is searched, rotated and compared
# attack: 39, interpreter-crashes
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
from collections import deque
class Evil:
    def __eq__(self, other):
        d.clear()
        d.extend([1, 2, 3])
        return False
d = deque([Evil() for _ in range(10)])
for use in (lambda: d.remove(1), lambda: d.index(1), lambda: d.count(1), lambda: 1 in d, lambda: d == deque([1] * 10), lambda: d.rotate(2**62), lambda: [d.append(x) for x in list(d)]):
    try:
        d.extend(Evil() for _ in range(10))
        use()
    except Exception:
        pass
