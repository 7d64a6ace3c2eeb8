# tries: a dictionary without end
# attack: 45
# limits: memory_bytes 134_217_728, wall_ms 10_000
# ends: MemoryError or MemoryLimit
import itertools
d = {}
for i in itertools.count():
    d[i] = str(i) * 99
