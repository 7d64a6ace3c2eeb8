"""Small ints and list slices: the most flips of a permutation."""


def fannkuch(n):
    permutation = list(range(n))
    counts = [0] * n
    most = 0
    checksum = 0
    sign = 1
    while True:
        first = permutation[0]
        if first:
            flipped = permutation[:]
            flips = 0
            while first:
                flipped[: first + 1] = flipped[first::-1]
                first = flipped[0]
                flips += 1
            if flips > most:
                most = flips
            checksum += sign * flips
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
        else:
            permutation[1], permutation[2] = permutation[2], permutation[1]
            sign = 1
            for i in range(2, n):
                counts[i] += 1
                if counts[i] <= i:
                    break
                counts[i] = 0
                if i == n - 1:
                    return checksum, most
                permutation.insert(i + 1, permutation.pop(0))


def main():
    return fannkuch(8)


checksum = main()
