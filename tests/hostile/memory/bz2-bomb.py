# tries: bz2 that unpacks to 256 MiB
# attack: 50
# limits: memory_bytes 134_217_728, wall_ms 8_000
# ends: MemoryError or MemoryLimit or WallLimit or exception
import bz2
bomb = bz2.compress(bytes(8 << 20))
out = [bz2.decompress(bomb) for _ in range(32)]
