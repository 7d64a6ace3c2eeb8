# tries: a number of a hundred million digits
# attack: 5
# limits: wall_ms 500
# ends: WallLimit or MemoryError or MemoryLimit or OverflowError
10**10**8
