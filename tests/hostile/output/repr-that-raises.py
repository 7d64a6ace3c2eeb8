# tries: a value whose text cannot be made
# attack: 67
# ends: exception or succeeded
class Shy:
    def __repr__(self):
        raise BaseException('no')
Shy()
