# tries: a hundred thousand exceptions that caused each other, and groups in groups
# attack: exception-chain
# limits: memory_bytes 536_870_912
# ends: ExceptionGroup
e = ValueError()
for i in range(10**4): e = ExceptionGroup('x', [e])
try: e.split(ValueError)
except RecursionError: print('r')
try: repr(e); str(e)
except RecursionError: print('r')
raise e
