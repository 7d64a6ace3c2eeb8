# tries: errors that tell about the machine
# attack: host-paths
# ends: exception
# never: /work/
# never: /root/
# never: .cargo
# never: .rs:
import sys, traceback, inspect
for name, module in list(sys.modules.items()):
    print(name, getattr(module, '__file__', None), getattr(module, '__cached__', None), getattr(getattr(module, '__spec__', None), 'origin', None))
def deep():
    import json
    json.loads('{')
try:
    deep()
except ValueError:
    print(traceback.format_exc())
import re, random, ast
for thing in (re.compile, random.Random, ast.parse):
    try:
        print(inspect.getsourcefile(thing))
    except Exception as error:
        print(error)
raise RuntimeError(sys.version)
