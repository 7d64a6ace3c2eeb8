# tries: a million files and folders in folders
# attack: quota
# limits: wall_ms 5_000, memory_bytes 268_435_456
# ends: succeeded or OSError or MemoryError or MemoryLimit or FileNotFoundError or WallLimit or PermissionError or FileExistsError
import os
path = '/tmp'
for i in range(10**6):
    open(f'/tmp/f{i}', 'w').close()
    path += '/d'
    if i < 3000:
        try:
            os.mkdir(path)
        except OSError:
            path = '/tmp'
