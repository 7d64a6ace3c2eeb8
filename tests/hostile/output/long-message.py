# tries: an exception with a message of ten million characters
# attack: 65
# ends: ValueError
# never: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy
raise ValueError('x' * 10**7 + 'y')
