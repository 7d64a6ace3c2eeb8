# tries: a tower of powers, which nests to the right
# attack: 29
# ends: exception
eval('**'.join(['1'] * 50_000))
