# tries: ten thousand levels of indentation
# attack: 30
# limits: memory_bytes 536_870_912
# ends: SyntaxError or IndentationError or RecursionError or MemoryError
exec(''.join(' ' * i + 'if 1:\n' for i in range(3_000)) + ' ' * 3_000 + 'pass\n')
