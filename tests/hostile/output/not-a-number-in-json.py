# tries: NaN and infinity where JSON has none
# attack: json-numbers
# ends: succeeded or exception
import selvedge
class Odd:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {'application/json': {'a': float('nan'), 'b': float('inf'), 'c': 10**400, 'd': '\ud800'}}
Odd()
