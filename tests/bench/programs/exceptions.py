"""Exceptions raised, caught, chained and cleaned up after; context managers."""


class Refused(ValueError):
    def __init__(self, code, *args):
        super().__init__(code, *args)
        self.code = code


class Guard:
    entered = 0

    def __enter__(self):
        Guard.entered += 1
        return self

    def __exit__(self, kind, value, traceback):
        return kind is KeyError


def check(n):
    if n % 3 == 0:
        raise Refused(n % 7, "three")
    if n % 5 == 0:
        raise KeyError(n)
    return n


def deep(n, depth):
    if depth:
        try:
            return deep(n, depth - 1)
        finally:
            n += 1
    return check(n)


def main():
    total = 0
    Guard.entered = 0
    for n in range(45_000):
        try:
            total += check(n)
        except Refused as error:
            total += error.code
        except (KeyError, IndexError):
            total -= 1
        else:
            total += 1
    for n in range(6_000):
        with Guard():
            try:
                total += deep(n, 3)
            except Refused as error:
                try:
                    raise RuntimeError("wrapped") from error
                except RuntimeError as wrapped:
                    total += wrapped.__cause__.code
    values = {}
    for n in range(45_000):
        try:
            values[n % 500] += 1
        except KeyError:
            values[n % 500] = 1
    return total, Guard.entered, len(values)


checksum = main()
