# tries: a metaclass that asks itself for every attribute
# attack: 36
# ends: RecursionError
class Meta(type):
    def __getattribute__(cls, name):
        return getattr(cls, name)
class Thing(metaclass=Meta):
    pass
Thing.anything
