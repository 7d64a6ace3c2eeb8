# tries: padding to two billion characters, by other means
# attack: 42
# limits: memory_bytes 134_217_728, wall_ms 3_000
# ends: MemoryError or OverflowError or ValueError
try:
    f'{1:2000000000}'
except (MemoryError, OverflowError, ValueError):
    pass
'x'.ljust(2**31)
