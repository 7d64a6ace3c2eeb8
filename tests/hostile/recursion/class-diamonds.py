# tries: inheritance in diamonds upon diamonds
# attack: 35
# limits: wall_ms 1_000
# ends: succeeded or WallLimit or exception or MemoryLimit
bases = (type('a', (), {}), type('b', (), {}))
for i in range(300):
    bases = (type(f'a{i}', bases, {}), type(f'b{i}', bases, {}))
