# tries: indexes and sizes beyond what a machine word holds
# attack: 42
# ends: succeeded
# shows: held
import array, sys
big = 2**64 + 1
for attempt in (lambda: [1][big], lambda: 'a'[big], lambda: b'a'[-big], lambda: [1][:big], lambda: 'a'.center(big), lambda: range(big)[big],
                lambda: len(range(big)), lambda: bytes(big), lambda: [1].pop(big), lambda: (1).__lshift__(big), lambda: 1 << 2**40, lambda: array.array('b', [1]).pop(big),
                lambda: 'a'.replace('', 'x' * 10**4, big), lambda: 'a'.zfill(big), lambda: 'a'.expandtabs(big), lambda: round(1.5, big), lambda: memoryview(b'a')[big:big]):
    try:
        attempt()
    except (IndexError, OverflowError, MemoryError, ValueError):
        pass
print('held')
