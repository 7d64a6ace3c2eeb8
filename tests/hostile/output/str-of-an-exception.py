# tries: an exception whose message prints for ever
# attack: 67
# limits: wall_ms 500
# ends: WallLimit
class Chatty(Exception):
    def __str__(self):
        while True:
            pass
raise Chatty
