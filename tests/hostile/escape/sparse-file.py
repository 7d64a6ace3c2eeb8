# tries: a file of an exabyte, almost all of it a hole
# attack: quota
# limits: wall_ms 5_000
# ends: succeeded or OSError or MemoryError or MemoryLimit or FileNotFoundError or PermissionError or OverflowError or ValueError
with open('/tmp/hole', 'wb') as file:
    file.seek(2**60)
    file.write(b'x')
    file.truncate(2**62)
