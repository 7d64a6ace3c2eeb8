"""Strings: built, formatted, split, joined, counted."""


def caesar(text, shift):
    out = []
    for letter in text:
        code = ord(letter)
        if 97 <= code <= 122:
            out.append(chr((code - 97 + shift) % 26 + 97))
        else:
            out.append(letter)
    return "".join(out)


def main():
    total = 0
    lines = []
    for n in range(15_000):
        lines.append(f"{n:05d} {n * 3 % 17} name-{n % 23}")
        lines.append("%d;%s;%.2f" % (n, "x" * (n % 5), n / 3))
        lines.append("{} and {!r}".format(n, "it's"))
    text = "\n".join(lines)
    for line in text.split("\n"):
        parts = line.replace("-", " ").split()
        total += len(parts) + len(parts[0].strip("0"))
        if line.startswith("1") or line.endswith("9") or "name" in line:
            total += line.count("1")
    built = ""
    for n in range(8_000):
        built += str(n)
    total += len(built)
    secret = caesar("the quick brown fox jumps over the lazy dog " * 150, 3)
    return total, secret[:20], text.upper().title()[-12:]


checksum = main()
