# tries: a syntax tree that contains itself
# attack: 27, interpreter-crashes
# ends: exception
import ast
loop = ast.UnaryOp(op=ast.Not(), lineno=0, col_offset=0)
loop.operand = loop
compile(ast.Expression(loop), 'x', 'eval')
