# tries: leaving its own root
# attack: 70
# ends: succeeded
# shows: nothing was found
# never: root:x:0
import os
for path in ('../../../../../../etc/passwd', '/home/../../etc/passwd', '/home/../../../../../../../etc/passwd', './/..//..//etc//passwd', '/tmp/../etc/passwd',
             'etc/passwd\0.txt', '\0', 'x' * 300, '/home/' + 'x' * 4097, '/' * 4097, '/home/' + 'a/' * 2000, '/etc/passwd/', '/etc/passwd/.', '..', '../..', '',
             '\udc80', '..\\..\\etc\\passwd', '~root/.profile', '/home/./././../../etc/passwd'):
    for attempt in (lambda: open(path).read(), lambda: os.stat(path), lambda: os.readlink(path), lambda: os.rename(path, 'b'), lambda: os.unlink(path)):
        try:
            answer = attempt()
            if isinstance(answer, str):
                print('read', answer)
        except (OSError, ValueError):
            pass
try:
    os.mkdir('/home/x/../../../outside')
except (OSError, ValueError):
    pass
print('nothing was found')
