# tries: running code that was damaged
# attack: 85
# limits: wall_ms 3_000
# ends: succeeded or exception or Crash or WallLimit or MemoryLimit
# spoils: its variables
import marshal, random
source = random.Random(11)
good = marshal.dumps(compile('def f(a, b=2):\n return [a for _ in range(b)]\nx = f(1) + [f]', 'x', 'exec'))
for round in range(2_000):
    data = bytearray(good)
    data[source.randrange(30, len(data))] = source.randrange(256)
    try:
        exec(marshal.loads(bytes(data)), {})
    except BaseException:
        pass
