# tries: a power with a billion digits
# attack: 4
# limits: wall_ms 500
# ends: WallLimit or MemoryError or MemoryLimit or OverflowError
pow(3, 10**9)
