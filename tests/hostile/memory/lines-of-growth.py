# tries: a generator expression that is collected before it is looked at
# attack: interpreter-crashes
# limits: memory_bytes 134_217_728, wall_ms 3_000
# ends: exception or MemoryLimit or WallLimit
import itertools, math
math.sumprod(itertools.count(), itertools.count())
