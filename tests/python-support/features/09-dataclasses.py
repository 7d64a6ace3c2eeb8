# Data classes: frozen, slots, ordering, fields
from dataclasses import dataclass, field, replace, asdict
@dataclass(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list, compare=False)
assert Point(1) < Point(2) and replace(Point(1), y=5).y == 5 and asdict(Point(1)) == {"x": 1, "y": 0, "tags": []}
