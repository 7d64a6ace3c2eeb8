# tries: a clock that is finer than it should be, or goes backwards
# attack: 89, timing
# limits: wall_ms 5_000
# ends: succeeded
# shows: forwards
import time
last, steps = time.monotonic_ns(), set()
for _ in range(20_000):
    now = time.monotonic_ns()
    assert now >= last, (last, now)
    if now != last:
        steps.add(now - last)
    last = now
assert time.time() > 1_700_000_000
print('forwards', min(steps) >= 1_000 if steps else True)
