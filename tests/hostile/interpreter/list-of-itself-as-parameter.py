# tries: a generic type whose parameter contains itself
# attack: interpreter-crashes
# ends: succeeded or RecursionError
x = []
x.append(x)
list[x]
