# tries: a comprehension with ten thousand loops
# attack: 29
# ends: succeeded or exception
eval('[0 ' + 'for x in () ' * 10_000 + ']')
