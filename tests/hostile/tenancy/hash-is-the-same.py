# tries: finding its hash seed: it is the image's, and that is documented
# attack: 88
# ends: succeeded
# shows: True
print(hash('x') == hash('x'), hash('x') != 0)
