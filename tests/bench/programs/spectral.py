"""Function calls and float division: the spectral norm of an infinite matrix."""


def element(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(v):
    return [sum([element(i, j) * x for j, x in enumerate(v)]) for i in range(len(v))]


def transposed_times(v):
    return [sum([element(j, i) * x for j, x in enumerate(v)]) for i in range(len(v))]


def main():
    v = [1.0] * 100
    for _ in range(8):
        u = transposed_times(times(v))
        v = transposed_times(times(u))
    uv = sum(a * b for a, b in zip(u, v))
    vv = sum(b * b for b in v)
    return "%.9f" % (uv / vv) ** 0.5


checksum = main()
