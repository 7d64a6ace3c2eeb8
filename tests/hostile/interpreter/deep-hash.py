# tries: the hash of a tuple that is a million tuples deep
# attack: 24, interpreter-crashes
# limits: memory_bytes 536_870_912
# ends: RecursionError or succeeded
t = ()
for _ in range(1_000_000):
    t = (t,)
hash(t)
