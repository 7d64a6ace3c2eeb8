"""Sets, strings and dictionaries: a puzzle solved by propagation and search."""

DIGITS = "123456789"
ROWS = "ABCDEFGHI"
SQUARES = [r + c for r in ROWS for c in DIGITS]
UNITS_OF_ALL = (
    [[r + c for r in ROWS] for c in DIGITS]
    + [[r + c for c in DIGITS] for r in ROWS]
    + [[r + c for r in rs for c in cs] for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
)
UNITS = {s: [u for u in UNITS_OF_ALL if s in u] for s in SQUARES}
PEERS = {s: set(sum(UNITS[s], [])) - {s} for s in SQUARES}
PUZZLES = [
    "85...24..72......9..4.........1.7..23.5...9...4...........8..7..17..........36.4.",
]


def assign(values, square, digit):
    others = values[square].replace(digit, "")
    for other in others:
        if eliminate(values, square, other) is None:
            return None
    return values


def eliminate(values, square, digit):
    if digit not in values[square]:
        return values
    values[square] = values[square].replace(digit, "")
    if not values[square]:
        return None
    if len(values[square]) == 1:
        last = values[square]
        for peer in PEERS[square]:
            if eliminate(values, peer, last) is None:
                return None
    for unit in UNITS[square]:
        places = [s for s in unit if digit in values[s]]
        if not places:
            return None
        if len(places) == 1 and assign(values, places[0], digit) is None:
            return None
    return values


def search(values):
    if values is None:
        return None
    if all(len(values[s]) == 1 for s in SQUARES):
        return values
    _, square = min((len(values[s]), s) for s in SQUARES if len(values[s]) > 1)
    for digit in values[square]:
        found = search(assign(values.copy(), square, digit))
        if found is not None:
            return found
    return None


def solve(grid):
    values = {s: DIGITS for s in SQUARES}
    for square, digit in zip(SQUARES, grid):
        if digit in DIGITS and assign(values, square, digit) is None:
            return None
    return search(values)


def main():
    return ["".join(solve(puzzle)[s] for s in SQUARES) for puzzle in PUZZLES]


checksum = main()
