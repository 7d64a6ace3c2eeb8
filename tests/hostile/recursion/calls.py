# tries: the result of a call called, a hundred thousand times
# attack: 29
# ends: exception
eval('x' + '()' * 100_000)
