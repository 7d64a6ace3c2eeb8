# tries: a chain of objects whose finalizers keep, drop and make others while the chain is dropped
# attack: 23, 37
# limits: memory_bytes 536_870_912
# ends: succeeded
# shows: 100000
import gc
import weakref
ended = 0
saved = []
class Link:
    def __init__(self, next):
        self.next = next
    def __del__(self):
        global ended
        ended += 1
        if ended % 1000 == 0:
            saved.append(self)
            gc.collect(0)
        if ended % 777 == 0:
            weakref.ref(self)
chain = None
for _ in range(100_000):
    chain = Link(chain)
del chain
while saved:
    saved.pop()
gc.collect()
print(ended)
