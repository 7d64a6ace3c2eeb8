# tries: dropping a chain of a million links at once
# attack: 23
# limits: wall_ms 20_000, memory_bytes 536_870_912
# ends: succeeded or exception or MemoryLimit
import itertools
a, b = itertools.tee(iter(range(200_000)))
for _ in a:
    pass
del a, b
links = None
for _ in range(200_000):
    links = itertools.chain([links], ())
del links
