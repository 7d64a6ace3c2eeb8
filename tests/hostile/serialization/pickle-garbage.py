# tries: ten thousand pickles that are none
# attack: 84, 26
# limits: wall_ms 5_000
# ends: succeeded or Crash or WallLimit or MemoryLimit
import pickle, random
good = pickle.dumps([{'a': (1, 2.5, 'x'), b'y': {3, frozenset()}}, ...], 4)
source = random.Random(7)
for _ in range(10_000):
    data = bytearray(good)
    for _ in range(source.randrange(1, 6)):
        data[source.randrange(len(data))] = source.randrange(256)
    try:
        pickle.loads(bytes(data))
    except Exception:
        pass
