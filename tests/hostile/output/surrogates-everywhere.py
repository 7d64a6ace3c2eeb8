# tries: lone surrogates in a name, a message, a value and a traceback
# attack: 64, json-numbers
# ends: exception
class Odd(Exception):
    pass
Odd.__name__ = 'Odd'
raise Odd('\ud83d message', {'\udc00': '\ud800'})
