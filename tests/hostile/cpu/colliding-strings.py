# tries: strings that fall into few buckets: the hash seed of an image is no secret
# attack: 16
# limits: wall_ms 500
# ends: WallLimit
d, n = {}, 0
while True:
    word = str(n)
    if hash(word) & 0x3FF == 0:
        d[word] = n
    n += 1
