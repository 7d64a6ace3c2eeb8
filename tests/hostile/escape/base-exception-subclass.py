# tries: an exception that is neither an error nor an exit
# attack: 80
# ends: Quiet
class Quiet(BaseException):
    def __str__(self): raise self
raise Quiet
