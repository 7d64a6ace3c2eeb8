# Template strings (PEP 750)
name = "x"
template = t"hello {name!r:>4}"
assert template.strings == ("hello ", "") and template.interpolations[0].value == "x"
