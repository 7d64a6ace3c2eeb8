# tries: a call with a million arguments
# attack: 33
# limits: wall_ms 15_000
# ends: succeeded or exception
def f(*many, **named):
    return len(many) + len(named)
print(f(*range(10**6), **{f'k{i}': i for i in range(10_000)}))
