# tries: a pickle that calls the shell
# attack: 84
# ends: exception
# never: uid=
import pickle
pickle.loads(b"cos\nsystem\n(S'id'\ntR.")
