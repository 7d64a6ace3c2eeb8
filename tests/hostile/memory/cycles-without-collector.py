# tries: garbage in cycles, the collector switched off
# attack: 59
# limits: memory_bytes 134_217_728, wall_ms 10_000
# ends: MemoryError or MemoryLimit
import gc
gc.disable()
while True:
    x = [bytearray(1000)]
    x.append(x)
