# tries: indexes into constants, names and variables that are not there
# attack: 85
# limits: wall_ms 2_000
# ends: succeeded or exception or Crash or WallLimit or MemoryLimit
def f():
    return 1
good = f.__code__
for opcode in range(256):
    for argument in (0, 1, 127, 255):
        try:
            f.__code__ = good.replace(co_code=bytes([opcode, argument] * 8), co_consts=(), co_names=(), co_stacksize=0)
            f()
        except Exception:
            pass
