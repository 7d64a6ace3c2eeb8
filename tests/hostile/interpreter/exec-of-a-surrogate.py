# tries: compiling, parsing and tokenizing what is no text
# attack: interpreter-crashes, 64
# ends: succeeded
# shows: held
import ast
for attempt in (lambda: exec('x = "\udc80"'), lambda: compile('\ud800 = 1', 'x', 'exec'), lambda: ast.parse('"\ud800"'), lambda: compile('1', '\ud800', 'eval'), lambda: __import__('\ud800'), lambda: getattr(1, '\ud800'),
                lambda: type('\ud800', (), {}), lambda: exec(b'\xff\xfe'), lambda: exec('\0'), lambda: ast.literal_eval('\ud800')):
    try:
        attempt()
    except Exception:
        pass
print('held')
