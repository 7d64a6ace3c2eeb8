"""Generators: a tree walked by recursion, a pipeline of stages."""


class Tree:
    def __init__(self, left, value, right):
        self.left = left
        self.value = value
        self.right = right

    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.value
        if self.right:
            yield from self.right


def tree(values):
    if not values:
        return None
    middle = len(values) // 2
    return Tree(tree(values[:middle]), values[middle], tree(values[middle + 1 :]))


def numbers(n):
    for i in range(n):
        yield i


def squares(stream):
    for i in stream:
        yield i * i


def odd(stream):
    return (i for i in stream if i & 1)


def averager():
    total = count = 0
    value = None
    while True:
        value = yield value
        total += value
        count += 1
        value = total // count


def main():
    total = 0
    root = tree(range(8000))
    for _ in range(3):
        total += sum(root)
    total += sum(odd(squares(numbers(90_000))))
    average = averager()
    next(average)
    for i in range(60_000):
        last = average.send(i)
    return total, last


checksum = main()
