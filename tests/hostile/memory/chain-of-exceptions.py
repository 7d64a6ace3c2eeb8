# tries: exceptions that hold each other
# attack: exception-chain
# limits: memory_bytes 134_217_728, wall_ms 5_000
# ends: exception or MemoryLimit or WallLimit
last = None
while True:
    try:
        raise ValueError('x' * 1000) from last
    except ValueError as error:
        last = error
