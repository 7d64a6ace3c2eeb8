# tries: exception groups in each other, split by what raises
# attack: interpreter-crashes
# limits: wall_ms 5_000
# ends: exception
group = ValueError('x')
for _ in range(2_000):
    group = ExceptionGroup('g', [group, TypeError()])
try:
    group.split(lambda e: 1 / 0)
except ZeroDivisionError:
    pass
try:
    raise group
except* ValueError:
    raise
