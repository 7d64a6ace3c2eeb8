# tries: keys that change the dictionary while they are looked up
# attack: 38
# limits: wall_ms 1_000
# ends: succeeded or exception or WallLimit
d, s = {}, set()
class Key:
    def __hash__(self):
        return 1
    def __eq__(self, other):
        d.clear()
        s.clear()
        d.update({i: i for i in range(100)})
        s.update(range(100))
        return False
for _ in range(50):
    d[Key()] = 1
    s.add(Key())
    Key() in d, Key() in s
for key in d:
    d[key, 1] = 1
