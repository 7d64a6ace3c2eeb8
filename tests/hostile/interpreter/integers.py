# tries: arithmetic at every edge
# attack: interpreter-crashes
# limits: wall_ms 5_000
# ends: succeeded or MemoryLimit or WallLimit
import operator, math
edges = [0, 1, -1, 2**15, 2**31 - 1, 2**31, -2**31, 2**32, 2**63 - 1, -2**63, 2**64, 2**64 + 1, -2**64, 10**30, True, 0.0, -0.0, 1e308, -1e308, float('inf'), float('nan'), 5e-324]
ops = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod, divmod, operator.and_, operator.or_, operator.xor, operator.lt, operator.eq, math.gcd, math.copysign, math.fmod, math.ldexp, math.nextafter, math.comb, round, math.remainder, math.hypot, math.atan2]
for op in ops:
    for a in edges:
        for b in edges:
            if op is math.comb and isinstance(a, int) and isinstance(b, int) and min(a - b, b) > 1000:
                continue
            try:
                op(a, b)
            except (ArithmeticError, ValueError, TypeError, MemoryError):
                pass
