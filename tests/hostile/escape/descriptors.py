# tries: every file descriptor that it can count
# attack: descriptors
# ends: succeeded
# shows: held
import os
def attempt(action):
    try:
        return action()
    except (OSError, OverflowError, ValueError, TypeError, AttributeError, NotImplementedError):
        return None
for fd in (*range(-2, 300), 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**64):
    if fd in (1, 2):
        continue
    for action in (lambda: os.fstat(fd), lambda: os.write(fd, b'x'), lambda: os.lseek(fd, 2**62, 2), lambda: os.ftruncate(fd, 2**40),
                   lambda: os.dup(fd), lambda: os.dup2(fd, 0), lambda: os.read(fd, 10), lambda: os.listdir(fd), lambda: os.fsync(fd), lambda: os.close(fd)):
        attempt(action)
for fd in (0, 1, 2):
    attempt(lambda: os.close(fd))
import sys
print('held')
