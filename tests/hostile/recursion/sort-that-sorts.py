# tries: a sort whose key sorts
# attack: 14
# ends: RecursionError
def key(item):
    return sorted([2, 1], key=key)
sorted([2, 1], key=key)
