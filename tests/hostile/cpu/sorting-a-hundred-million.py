# tries: sorting more than fits the time
# attack: native-loops
# limits: wall_ms 700
# ends: WallLimit or MemoryError or MemoryLimit
sorted(range(10**8, 0, -1))
