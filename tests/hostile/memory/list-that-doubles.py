# tries: a list that holds itself again and again
# attack: 44
# limits: memory_bytes 134_217_728, wall_ms 5_000
# ends: MemoryError or MemoryLimit
x = [1]
while True:
    x.append(x * 2)
