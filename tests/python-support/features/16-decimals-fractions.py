# decimal, fractions, statistics
from decimal import Decimal, getcontext
from fractions import Fraction
import statistics
getcontext().prec = 30
assert str(Decimal(1) / 3).startswith("0.33333333333333333333") and Fraction(1, 3) + Fraction(1, 6) == Fraction(1, 2)
assert statistics.median([1, 3, 2]) == 2
