"""Lists, dictionaries, sets, sorting and comprehensions."""


def words(n):
    seed = 12345
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield "w%d" % (seed % 997)


def main():
    counts = {}
    for word in words(40_000):
        counts[word] = counts.get(word, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    numbers = [(n * 7919) % 100_003 for n in range(40_000)]
    numbers.sort()
    squares = {n: n * n for n in numbers if n % 3 == 0}
    evens = {n & ~1 for n in numbers}
    groups = {}
    for n in numbers:
        groups.setdefault(n % 101, []).append(n)
    widest = max(groups.values(), key=len)
    pairs = list(zip(numbers, reversed(numbers)))
    total = sum(a * b % 97 for a, b in pairs)
    nested = [[row * column for column in range(60)] for row in range(60)]
    turned = [list(row) for row in zip(*nested)]
    return ranked[:2], len(squares), len(evens), len(widest), total, sum(map(sum, turned))


checksum = main()
