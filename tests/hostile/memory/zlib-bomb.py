# tries: half a megabyte that unpacks to 512 MiB
# attack: 50
# limits: memory_bytes 134_217_728, wall_ms 15_000
# ends: MemoryError or MemoryLimit
import zlib
pack = zlib.compressobj(9)
bomb = b''.join(pack.compress(bytes(1 << 20)) for _ in range(512)) + pack.flush()
zlib.decompress(bomb)
