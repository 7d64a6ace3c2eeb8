# tries: starting processes
# attack: 73
# ends: succeeded
# shows: nothing was started
# never: uid=
import os
calls = [
    lambda: os.fork(),
    lambda: os.execv('/bin/sh', ['sh', '-c', 'id']),
    lambda: os.system('id'),
    lambda: os.popen('id').read(),
    lambda: os.spawnv(0, '/bin/id', ['id']),
    lambda: os.posix_spawn('/bin/id', ['id'], {}),
    lambda: os.kill(1, 9),
    lambda: os.killpg(1, 9),
    lambda: os.setuid(0),
    lambda: os.chroot('/'),
    lambda: __import__('subprocess').run(['id']),
    lambda: __import__('subprocess').Popen('id', shell=True),
    lambda: __import__('multiprocessing').Process(target=print).start(),
    lambda: __import__('pty').spawn('/bin/sh'),
    lambda: __import__('_posixsubprocess').fork_exec(),
    lambda: __import__('concurrent.futures').futures.ProcessPoolExecutor().submit(print),
]
for number, call in enumerate(calls):
    try:
        answer = call()
        if answer not in (None, 0):
            print('call', number, 'gave', answer)
    except Exception:
        pass
print('nothing was started')
