# tries: dropping lists, tuples and dictionaries that are a hundred thousand deep
# attack: 24
# ends: succeeded
# shows: dropped
for wrap in (lambda x: [x], lambda x: (x,), lambda x: {1: x}):
    x = None
    for _ in range(100_000):
        x = wrap(x)
    del x
print('dropped')
