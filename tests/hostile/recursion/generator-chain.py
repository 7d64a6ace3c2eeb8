# tries: a million generators in each other, then one step
# attack: 22
# limits: memory_bytes 536_870_912
# ends: RecursionError
g = iter([1])
for _ in range(100_000):
    g = (x for x in g)
next(g)
