# tries: the factorial of ten million
# attack: 9
# limits: wall_ms 500
# ends: WallLimit
import math
math.factorial(10**7)
