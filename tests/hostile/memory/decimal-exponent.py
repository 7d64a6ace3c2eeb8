# tries: adding to a decimal with a billion digits
# attack: 53
# limits: wall_ms 1_000, memory_bytes 134_217_728
# ends: exception or MemoryLimit or WallLimit
import decimal
decimal.getcontext().prec = 10**9
decimal.getcontext().Emax = 10**9
decimal.Decimal('1e999999') + 1
1 / decimal.Decimal(7)
