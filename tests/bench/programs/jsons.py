"""JSON out and in."""

import json


def main():
    rows = [
        {
            "id": n,
            "name": "row %d" % n,
            "tags": ["a", "b\n", "ü"],
            "score": n / 7,
            "nested": {"left": None, "right": [True, False, n]},
        }
        for n in range(1500)
    ]
    total = 0
    for _ in range(5):
        text = json.dumps(rows)
        back = json.loads(text)
        total += len(text) + back[-1]["id"]
    return total, back == rows


checksum = main()
