# tries: a pickle that calls whatever it can name
# attack: 84
# ends: succeeded
# shows: held
# never: uid=
import pickle
for module, name, argument in (('builtins', 'eval', "__import__('os').system('id')"), ('subprocess', 'check_output', 'id'), ('os', 'popen', 'id'), ('_selvedge', 'emit', 'x'),
                               ('builtins', 'exec', '1/0'), ('builtins', 'getattr', 'x'), ('types', 'FunctionType', 'x')):
    try:
        pickle.loads(f"c{module}\n{name}\n(S{argument!r}\ntR.".encode())
    except BaseException:
        pass
print('held')
