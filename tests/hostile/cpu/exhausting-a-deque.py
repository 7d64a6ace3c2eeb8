# tries: a native loop that calls no Python at all
# attack: native-loops
# limits: wall_ms 500
# ends: WallLimit
import collections, itertools
collections.deque(itertools.repeat(None), maxlen=0)
