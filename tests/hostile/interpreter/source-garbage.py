# tries: source that is almost Python
# attack: 27, interpreter-crashes
# limits: wall_ms 10_000
# ends: succeeded or Crash or WallLimit
import random
source = random.Random(17)
pieces = ['def f(', 'class ', 'lambda ', 'f"{', '}"', 'async ', 'await ', 'yield ', 'match ', 'case ', ':=', '**', '*', '->', '...', '@', '\\\n', '\t', '    ', '\n', '#', '"""', "'", '[', ']', '(', ')', '{', '}', ':', ';', ',', '0x', '1_', '1e', 'é', '\ud800', '\0', 'type X[T] = ', 'import ', 'from . ', 'except*', 'try:\n', 'with ', 'as ', 'nonlocal ', 'global ', 'del ', '!r', 'rb"', '$', '?', '`', 'x', '=']
for _ in range(5_000):
    text = ''.join(source.choice(pieces) for _ in range(source.randrange(1, 25)))
    try:
        compile(text, 'x', source.choice(['exec', 'eval', 'single']))
    except Exception:
        pass
