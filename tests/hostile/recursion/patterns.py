# tries: ten thousand sequence patterns in each other
# attack: 29
# ends: exception
exec('match 1:\n case ' + '[' * 10_000 + ']' * 10_000 + ': pass')
