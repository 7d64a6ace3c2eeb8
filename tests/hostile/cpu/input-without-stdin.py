# tries: asking a person who is not there
# attack: 20
# ends: EOFError
input('password: ')
