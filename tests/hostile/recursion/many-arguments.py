# tries: a function with a hundred thousand parameters and constants, and 70,000 variables
# attack: 33
# limits: wall_ms 3_000, memory_bytes 536_870_912
# ends: succeeded or exception or WallLimit
names = ','.join(f'a{i}' for i in range(100_000))
exec(f'def f({names}): pass')
exec('def g():\n' + ''.join(f' v{i} = {i}.5\n' for i in range(70_000)) + ' return v69999')
print(g())
