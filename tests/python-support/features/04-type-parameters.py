# Type parameters and `type` statements (PEP 695)
def first[T](items: list[T]) -> T:
    return items[0]
class Box[T]:
    def __init__(self, value: T): self.value = value
type Pair[A] = tuple[A, A]
assert first([1]) == 1 and Box[int](2).value == 2 and Pair.__name__ == "Pair"
