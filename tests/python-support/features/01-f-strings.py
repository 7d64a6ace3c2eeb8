# f-strings with nested quotes, formats and `=`
name, value = "x", 3.14159
assert f"{name!r:>5}" == "  'x'" and f"{value:.2f}" == "3.14" and f"{value=:.1f}" == "value=3.1"
assert f"{'a' + f"{1 + 1}"}" == "a2"
