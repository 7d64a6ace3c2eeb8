# tries: source with a hundred thousand parentheses
# attack: 27
# ends: SyntaxError or MemoryError or RecursionError
import ast
ast.parse('(' * 10**5 + ')' * 10**5)
