"""Regular expressions over text."""

import re


def main():
    text = "\n".join(
        "2026-%02d-%02d host%d GET /items/%d?q=word%d 200 %.3f" % (n % 12 + 1, n % 28 + 1, n % 7, n, n * 3 % 101, n / 9)
        for n in range(1200)
    )
    total = 0
    for _ in range(6):
        total += len(re.findall(r"(\d{4})-(\d\d)-(\d\d)", text))
        total += sum(int(found.group(1)) for found in re.finditer(r"/items/(\d+)\?q=\w+", text))
        total += len(re.sub(r"host[0-3]\b", "H", text))
        total += len(re.split(r"[\s/?=]+", text))
        total += sum(1 for line in text.split("\n") if re.match(r".*word(1|2)\d* 200 .*[05]$", line))
    return total


checksum = main()
