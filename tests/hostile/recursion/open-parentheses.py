# tries: source with a hundred thousand parentheses that nobody closes
# attack: 27
# ends: SyntaxError or MemoryError or RecursionError
compile('(' * 10**5, 'x', 'exec')
