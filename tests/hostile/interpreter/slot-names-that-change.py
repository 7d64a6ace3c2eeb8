# tries: slot names that change while an object is taken apart; found by mixing programs
# attack: interpreter-crashes
# ends: succeeded or exception
class Name(str):
    pass
class Thing:
    __slotnames__ = [Name('spam')]
    def __getattr__(self, name):
        if name == 'spam':
            Thing.__slotnames__[:] = [Name('spam')]
            return 42
        raise AttributeError
Thing().__reduce_ex__(2)
