# inspect, ast, dis, compile, exec, eval
import ast, dis, inspect, io
tree = ast.parse("x = 1 + 2")
assert ast.unparse(tree) == "x = 1 + 2" and ast.literal_eval("[1, {'a': (2,)}]") == [1, {"a": (2,)}]
def f(a, *, b: int = 2) -> str: ...
assert str(inspect.signature(f)) == "(a, *, b: int = 2) -> str"
space = {}
exec(compile(tree, "t", "exec"), space)
assert space["x"] == 3
dis.dis(f, file=io.StringIO())
