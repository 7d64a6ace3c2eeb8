# tries: one native copy of most of the memory, again and again
# attack: 98
# limits: memory_bytes 1_073_741_824, wall_ms 700
# ends: WallLimit or MemoryError or MemoryLimit
x = bytearray(300 << 20)
while True:
    y = bytes(x)
