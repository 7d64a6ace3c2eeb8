# tries: a million signs in front of a number
# attack: 29
# ends: exception or MemoryLimit
# settles: Crash
eval('-' * 10**6 + '1')
