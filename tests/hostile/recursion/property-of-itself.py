# tries: a property that is its own getter; found by calling everything on everything
# attack: interpreter-crashes, deep-protocols
# ends: succeeded
# shows: still here
for kind in (property, classmethod, staticmethod):
    one = kind(None)
    one.__init__(one)
    for use in (lambda: one.__isabstractmethod__, lambda: setattr(one, '__isabstractmethod__', 1), lambda: repr(one)):
        try:
            use()
        except (RecursionError, AttributeError, TypeError):
            pass
print('still here')
