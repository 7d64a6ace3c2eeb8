# Enumerations and flags
import enum
class Colour(enum.Enum):
    RED = enum.auto()
    BLUE = enum.auto()
class Permission(enum.Flag):
    READ = 1
    WRITE = 2
assert Colour["RED"].value == 1 and (Permission.READ | Permission.WRITE).value == 3
