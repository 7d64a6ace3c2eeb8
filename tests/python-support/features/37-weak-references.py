# Weak references and finalisers
import gc, weakref
class Thing: pass
thing = Thing()
dead = []
reference = weakref.ref(thing, dead.append)
weakref.finalize(thing, dead.append, 1)
del thing
gc.collect()
assert reference() is None and len(dead) == 2
