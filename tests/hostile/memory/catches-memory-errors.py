# tries: going on after every MemoryError
# attack: 44
# limits: memory_bytes 134_217_728, wall_ms 1_000
# ends: WallLimit or MemoryError or MemoryLimit
hoard = []
while True:
    try:
        hoard.append(bytearray(1 << 20))
    except MemoryError:
        pass
