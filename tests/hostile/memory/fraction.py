# tries: a fraction with a million digits
# attack: 54
# limits: wall_ms 1_000
# ends: exception or WallLimit
from fractions import Fraction
import sys
sys.set_int_max_str_digits(0)
Fraction('1/' + '9' * 10**6) ** 9
