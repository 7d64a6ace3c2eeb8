"""Generators and backtracking: queens on a board."""


def permutations(n):
    indices = list(range(n))
    cycles = list(range(n, 0, -1))
    yield tuple(indices)
    while n:
        for i in reversed(range(n)):
            cycles[i] -= 1
            if cycles[i] == 0:
                indices[i:] = indices[i + 1 :] + indices[i : i + 1]
                cycles[i] = n - i
            else:
                j = cycles[i]
                indices[i], indices[-j] = indices[-j], indices[i]
                yield tuple(indices)
                break
        else:
            return


def solutions(n):
    columns = range(n)
    for board in permutations(n):
        if n == len(set(board[i] + i for i in columns)) == len(set(board[i] - i for i in columns)):
            yield board


def place(n, row, columns, left, right):
    if row == n:
        return 1
    found = 0
    for column in range(n):
        if column not in columns and row + column not in left and row - column not in right:
            found += place(n, row + 1, columns | {column}, left | {row + column}, right | {row - column})
    return found


def main():
    return len(list(solutions(8))), place(8, 0, frozenset(), frozenset(), frozenset())


checksum = main()
