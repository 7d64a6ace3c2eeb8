# tries: bytes that double 64 times
# attack: 46
# limits: memory_bytes 134_217_728
# ends: MemoryError or MemoryLimit or OverflowError
x = b'x'
for _ in range(64):
    x = x + x
