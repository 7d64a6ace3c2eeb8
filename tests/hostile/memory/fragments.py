# tries: growing and freeing until memory is in pieces
# attack: 55
# limits: memory_bytes 134_217_728, wall_ms 5_000
# ends: succeeded or MemoryError or MemoryLimit or WallLimit
import array
for size in range(1, 400):
    pieces = [array.array('b', bytes(size * 31)) for _ in range(500)]
    del pieces[::2]
    rest = [array.array('b', bytes(size * 31 + 1)) for _ in range(250)]
