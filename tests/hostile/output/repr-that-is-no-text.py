# tries: a value whose text is no text
# attack: 67
# ends: exception or succeeded
class Odd:
    def __repr__(self):
        return 7
Odd()
