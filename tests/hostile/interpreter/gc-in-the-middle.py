# tries: collecting from every callback there is
# attack: 37, interpreter-crashes
# limits: wall_ms 3_000
# ends: succeeded or exception or WallLimit
import gc, functools
gc.set_threshold(1)
gc.callbacks.append(lambda phase, info: gc.get_objects() and None)
class Node:
    def __init__(self): self.me, self.more = self, [self]
    def __del__(self): self.more.append(Node.__new__(Node))
    def __eq__(self, other): gc.collect(); return False
    def __hash__(self): return 1
    def __lt__(self, other): gc.collect(); return True
sorted(Node() for _ in range(20))
{Node() for _ in range(10)}
functools.lru_cache(lambda x: gc.collect())(Node())
gc.collect()
gc.set_threshold(700)
gc.callbacks.clear()
