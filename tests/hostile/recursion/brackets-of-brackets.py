# tries: source with five thousand lists in each other
# attack: 27
# ends: SyntaxError or MemoryError or RecursionError
eval('[' * 5000 + '1' + ']' * 5000)
