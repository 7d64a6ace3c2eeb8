# tries: the hash of slices in slices
# attack: interpreter-crashes
# limits: memory_bytes 536_870_912
# ends: RecursionError or succeeded
s = slice(0)
for _ in range(1_000_000):
    s = slice(s)
hash(s)
