# tries: the hash of list[list[list[…
# attack: interpreter-crashes
# ends: RecursionError or succeeded
x = int
for _ in range(50_000):
    x = list[x]
hash(x)
