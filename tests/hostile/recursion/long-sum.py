# tries: a sum of a million terms in one expression
# attack: 28
# ends: RecursionError
compile('x=' + '+'.join(['1'] * 10**6), 'x', 'exec')
