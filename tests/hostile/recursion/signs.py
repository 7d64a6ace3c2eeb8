# tries: a million signs in front of a number
# attack: 29
# ends: RecursionError
eval('-' * 10**6 + '1')
