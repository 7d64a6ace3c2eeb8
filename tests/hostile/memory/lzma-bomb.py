# tries: a few kilobytes of lzma that unpack to 256 MiB
# attack: 50
# limits: memory_bytes 134_217_728, wall_ms 8_000
# ends: MemoryError or MemoryLimit or WallLimit or exception
import lzma
bomb = lzma.compress(bytes(16 << 20))
out = [lzma.decompress(bomb) for _ in range(16)]
