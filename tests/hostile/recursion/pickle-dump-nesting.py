# tries: pickling a list that is a hundred thousand lists deep
# attack: 26
# ends: RecursionError or PicklingError
import pickle
x = []
for _ in range(100_000):
    x = [x]
pickle.dumps(x)
