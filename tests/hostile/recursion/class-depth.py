# tries: a class with five thousand ancestors, and a million
# attack: 35
# limits: wall_ms 1_000
# ends: WallLimit or exception or MemoryLimit
c = object
for _ in range(10**6):
    c = type('c', (c,), {})
