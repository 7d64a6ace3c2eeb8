# tries: a value whose text prints for ever
# attack: 67
# limits: wall_ms 500
# ends: WallLimit
class Chatty:
    def __repr__(self):
        while True:
            print('x' * 1000)
Chatty()
