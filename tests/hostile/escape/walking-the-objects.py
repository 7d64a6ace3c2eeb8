# tries: everything reachable from an empty tuple
# attack: 77, object-walk
# limits: wall_ms 15_000
# ends: succeeded
# shows: walked
# never: root:x:0
import gc, sys
seen, todo = set(), [().__class__.__base__, sys._getframe(), sys.modules, gc.get_objects()]
while todo and len(seen) < 20_000:
    thing = todo.pop()
    if id(thing) in seen:
        continue
    seen.add(id(thing))
    try:
        todo.extend(type.__subclasses__(thing) if isinstance(thing, type) else gc.get_referents(thing))
    except Exception:
        pass
for cls in object.__subclasses__():
    try:
        cls()
    except BaseException:
        pass
print('walked')
