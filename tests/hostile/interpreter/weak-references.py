# tries: callbacks of weak references that bring things back and drop more
# attack: 37, interpreter-crashes
# limits: wall_ms 2_000
# ends: succeeded or WallLimit
import weakref, gc
class Thing:
    def __del__(self):
        things.append(weakref.ref(self))
        things.append(self)
things = []
for _ in range(200):
    thing = Thing()
    refs = [weakref.ref(thing, lambda r: things.clear() or gc.collect()) for _ in range(3)]
    table = weakref.WeakValueDictionary(a=thing)
    weakref.finalize(thing, lambda: things.append(Thing()) if len(things) < 50 else None)
    del thing
    list(table.items())
gc.collect()
