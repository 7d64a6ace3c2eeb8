# tries: pickling an exception that has nothing
# attack: interpreter-crashes
# ends: succeeded
import pickle
for error in (ImportError(), OSError(), UnicodeDecodeError.__new__(UnicodeDecodeError), SyntaxError(), StopIteration(), KeyError()):
    try:
        pickle.loads(pickle.dumps(error))
        str(error), repr(error)
    except Exception:
        pass
