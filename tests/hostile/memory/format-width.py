# tries: padding to a billion characters
# attack: 42
# limits: memory_bytes 134_217_728, wall_ms 3_000
# ends: succeeded
# shows: stopped stopped stopped stopped
kinds = []
for attempt in (lambda: '%2000000000d' % 1, lambda: f'{1:2000000000}', lambda: 'x'.ljust(2**31), lambda: '{:.2000000000f}'.format(1.5)):
    try:
        attempt()
        kinds.append('done')
    except (MemoryError, OverflowError, ValueError):
        kinds.append('stopped')
print(*kinds)
