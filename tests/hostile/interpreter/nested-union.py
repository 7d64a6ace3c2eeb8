# tries: types united and subscribed ten thousand times
# attack: interpreter-crashes
# limits: wall_ms 5_000
# ends: succeeded or truncated or exception or WallLimit
import typing
x = int
for i in range(10_000):
    x = typing.Optional[list[x]]
repr(x), x == x
