# tries: source of a million lines
# attack: 32
# limits: wall_ms 3_000, memory_bytes 536_870_912
# ends: succeeded or WallLimit or MemoryLimit or MemoryError
exec('x = 1\n' * 10**6)
