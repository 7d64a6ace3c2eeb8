# tries: dropping fifty thousand generators and coroutines that wait inside each other
# attack: 22, 23
# limits: memory_bytes 536_870_912
# ends: succeeded
# shows: dropped
def holds(inner):
    try:
        yield inner
    finally:
        holds.closed += 1
holds.closed = 0
one = None
for _ in range(50_000):
    one = holds(one)
    next(one)
del one
async def waits(inner):
    await inner
one = waits(None)
one.close()
for _ in range(50_000):
    one = waits(one)
one.close()
del one
print('dropped', holds.closed)
