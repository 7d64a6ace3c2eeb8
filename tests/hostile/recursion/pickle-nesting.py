# tries: a pickle that is a million tuples deep
# attack: 26
# limits: memory_bytes 536_870_912
# ends: succeeded or exception or MemoryLimit
import pickle
x = pickle.loads(b'(' * 0 + b'N' + b'\x85' * 500_000 + b'.')
del x
