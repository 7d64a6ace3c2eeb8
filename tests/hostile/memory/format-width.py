# tries: padding to two billion characters
# attack: 42
# limits: memory_bytes 134_217_728, wall_ms 3_000
# ends: MemoryError or OverflowError or ValueError
'%2000000000d' % 1
