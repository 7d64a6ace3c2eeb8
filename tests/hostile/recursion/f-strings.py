# tries: f-strings in f-strings
# attack: 31
# ends: SyntaxError or RecursionError or MemoryError
eval("f'{" * 10_000 + '1' + "}'" * 10_000)
