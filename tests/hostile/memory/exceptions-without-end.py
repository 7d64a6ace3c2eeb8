# tries: a group of infinitely many exceptions
# attack: interpreter-crashes
# limits: memory_bytes 134_217_728, wall_ms 10_000
# ends: exception or MemoryLimit or WallLimit
import itertools
ExceptionGroup('m', itertools.count())
