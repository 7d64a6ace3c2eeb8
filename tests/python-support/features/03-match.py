# Structural pattern matching
def kind(value):
    match value:
        case {"type": str(name), **rest} if rest:
            return f"map {name} {len(rest)}"
        case [first, *others]:
            return f"list {first} {len(others)}"
        case int() | float() as number:
            return f"number {number}"
        case _:
            return "other"
assert [kind({"type": "a", "b": 1}), kind([1, 2, 3]), kind(2.5), kind(None)] == ["map a 1", "list 1 2", "number 2.5", "other"]
