# tries: a list that changes while it is sorted
# attack: 39
# ends: ValueError or succeeded
numbers = list(range(100))
def key(item):
    numbers.append(item)
    del numbers[:10]
    return -item
numbers.sort(key=key)
