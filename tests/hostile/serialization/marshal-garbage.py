# tries: marshalled garbage
# attack: 85
# limits: wall_ms 3_000
# ends: succeeded or Crash or WallLimit or MemoryLimit
import marshal, random
source = random.Random(7)
good = marshal.dumps(compile('def f(a, b=2):\n return [a for _ in range(b)]\nf(1)', 'x', 'exec'))
for round in range(5_000):
    data = bytearray(good if round % 2 else source.randbytes(60))
    for _ in range(source.randrange(1, 5)):
        data[source.randrange(len(data))] = source.randrange(256)
    try:
        marshal.loads(bytes(data))
    except Exception:
        pass
