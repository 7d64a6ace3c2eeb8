# tries: an endless loop inside a native iterator
# attack: 2
# limits: wall_ms 500
# ends: WallLimit
import itertools
for _ in itertools.count():
    pass
