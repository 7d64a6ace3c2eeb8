# tries: an attribute of an attribute, a hundred thousand times
# attack: 29
# ends: exception
eval('x' + '.a' * 100_000)
