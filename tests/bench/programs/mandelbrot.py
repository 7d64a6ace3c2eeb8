"""Complex numbers and while loops: a fractal's escape times."""


def escape(c, limit):
    z = 0j
    for n in range(limit):
        z = z * z + c
        if z.real * z.real + z.imag * z.imag > 4.0:
            return n
    return limit


def escape_floats(a, b, limit):
    x = y = 0.0
    n = 0
    while n < limit:
        xx = x * x
        yy = y * y
        if xx + yy > 4.0:
            break
        y = 2.0 * x * y + b
        x = xx - yy + a
        n += 1
    return n


def main():
    total = 0
    for row in range(80):
        for column in range(120):
            a, b = column / 40 - 2.2, row / 33 - 1.2
            total += escape(complex(a, b), 40)
            total -= 2 * escape_floats(a, b, 40)
    return total


checksum = main()
