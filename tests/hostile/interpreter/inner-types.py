# tries: making objects of every type that there is, without what makes them; found by calling everything on everything
# attack: interpreter-crashes
# limits: memory_bytes 536_870_912
# ends: succeeded
# shows: still here
# spoils: its variables
def types(one=object):
    for other in type.__subclasses__(one):
        yield other
        yield from types(other)
LOOKS = ('__repr__', '__str__', '__hash__', '__iter__', '__next__', '__len__', '__reduce__', '__getstate__', '__sizeof__', '__dir__')
for kind in set(types()):
    if issubclass(kind, BaseException) or kind.__module__.startswith(('_selvedge', 'selvedge')):
        continue
    try:
        made = kind.__new__(kind)
        dir(made)
    except Exception:
        continue
    for look in LOOKS:
        try:
            getattr(made, look)()
        except Exception:
            pass
print('still here')
