# typing: protocols, generics, get_type_hints, TypedDict
from typing import Protocol, TypedDict, Generic, TypeVar, get_type_hints, runtime_checkable, Annotated, Literal
@runtime_checkable
class Sized2(Protocol):
    def __len__(self) -> int: ...
class Movie(TypedDict, total=False):
    name: str
T = TypeVar("T")
class Box(Generic[T]): pass
def f(x: Annotated[int, "meta"], y: Literal["a"] = "a") -> "Box[int]": ...
assert isinstance([], Sized2) and Movie(name="x") == {"name": "x"} and get_type_hints(f)["x"] is int
