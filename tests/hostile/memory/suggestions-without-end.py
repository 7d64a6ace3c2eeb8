# tries: a suggestion out of infinitely many names
# attack: interpreter-crashes
# limits: memory_bytes 134_217_728, wall_ms 10_000
# ends: exception or MemoryLimit or WallLimit
import itertools, _suggestions
_suggestions._generate_suggestions(itertools.count(), 'x')
