# tries: filling its disk
# attack: quota
# limits: wall_ms 5_000, memory_bytes 268_435_456
# ends: succeeded or OSError or MemoryError or MemoryLimit or FileNotFoundError or WallLimit or PermissionError
block = b'x' * (1 << 20)
for i in range(10_000):
    with open(f'/tmp/{i}', 'wb') as file:
        for _ in range(100):
            file.write(block)
