# tries: a clock that goes backwards between two cells
# attack: 89
# ends: succeeded
# shows: forwards
import time
before = time.monotonic_ns(), time.time_ns(), time.perf_counter_ns()
# %%
after = time.monotonic_ns(), time.time_ns(), time.perf_counter_ns()
assert all(a >= b for a, b in zip(after, before)), (before, after)
print('forwards')
