# tries: two million small objects, then a large one
# attack: 56
# limits: memory_bytes 268_435_456, wall_ms 15_000
# ends: succeeded or MemoryError or MemoryLimit
small = [object() for _ in range(10**6)]
large = bytearray(1 << 20)
del small[::2]
large = bytearray(1 << 20)
