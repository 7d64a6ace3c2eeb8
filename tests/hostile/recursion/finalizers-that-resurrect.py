# tries: objects that come back when they are dropped, and collect while collecting
# attack: 37
# limits: wall_ms 1_000
# ends: succeeded or WallLimit
import gc
class Lazarus:
    def __del__(self):
        Lazarus.last = self
        gc.collect()
        Lazarus()
Lazarus()
gc.collect()
