# tries: sequences repeated as often as a number can say
# attack: 41, interpreter-crashes
# ends: succeeded
# shows: MemoryError MemoryError MemoryError MemoryError
import sys
from collections import deque
kinds = []
for sequence in (deque([0]), (1,), [1], b'ab'):
    try:
        sequence * sys.maxsize
        kinds.append('done')
    except (MemoryError, OverflowError):
        kinds.append('MemoryError')
print(*kinds)
