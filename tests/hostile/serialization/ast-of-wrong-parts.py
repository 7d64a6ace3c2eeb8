# tries: syntax trees with parts of the wrong kind
# attack: interpreter-crashes
# ends: succeeded
# shows: held
import ast
def node(kind, **fields):
    made = kind(**fields)
    made.lineno = made.end_lineno = 2**31
    made.col_offset = made.end_col_offset = -1
    return made
for tree in (node(ast.Name, id=7, ctx=ast.Load()), node(ast.Name, id='\ud800', ctx=ast.Load()), node(ast.Constant, value=object()), node(ast.Constant, value=[...]),
             node(ast.BinOp, left=None, op=None, right=None), node(ast.Call, func=None, args=[None], keywords=[None]), node(ast.Name, id='None', ctx=ast.Store()),
             node(ast.Await, value=node(ast.Constant, value=1)), node(ast.Yield, value=None), node(ast.JoinedStr, values=[node(ast.Constant, value=1)])):
    try:
        eval(compile(ast.Expression(tree), 'x', 'eval'))
    except Exception:
        pass
for tree in (node(ast.Return, value=None), node(ast.Break), node(ast.Continue), node(ast.Global, names=[]), node(ast.Nonlocal, names=['x']), node(ast.Delete, targets=[]),
             node(ast.Raise, exc=None, cause=node(ast.Constant, value=1)), node(ast.Try, body=[], handlers=[], orelse=[], finalbody=[]), node(ast.If, test=node(ast.Constant, value=1), body=[], orelse=[])):
    try:
        exec(compile(ast.Module([tree], []), 'x', 'exec'))
    except Exception:
        pass
print('held')
