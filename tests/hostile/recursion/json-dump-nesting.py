# tries: writing JSON that is a hundred thousand lists deep
# attack: json-nesting
# ends: RecursionError
import json
x = []
for _ in range(100_000):
    x = [x]
json.dumps(x)
