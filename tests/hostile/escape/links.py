# tries: links that loop, chain, lead outside and replace folders
# attack: 71
# ends: succeeded
# shows: nothing was reached
# never: root:x:0
import os
def attempt(action):
    try:
        return action()
    except (OSError, AttributeError, NotImplementedError, ValueError):
        return None
attempt(lambda: os.symlink('loop', 'loop'))
attempt(lambda: open('loop').read())
for i in range(100):
    attempt(lambda: os.symlink(f'chain{i + 1}', f'chain{i}'))
attempt(lambda: open('chain0').read())
for target in ('/etc/passwd', '../../../etc/passwd', '/proc/self/root/etc/passwd', '/'):
    attempt(lambda: os.symlink(target, 'out'))
    for reading in (lambda: open('out').read(), lambda: open('out/etc/passwd').read(), lambda: os.listdir('out/proc')):
        answer = attempt(reading)
        if answer:
            print('reached', answer)
    attempt(lambda: os.unlink('out'))
attempt(lambda: os.link('/etc/passwd', 'hard'))
attempt(lambda: os.mkdir('folder'))
attempt(lambda: os.rename('folder/', 'folder/inside/'))
attempt(lambda: os.rename('folder', 'other/'))
attempt(lambda: os.rmdir('/'))
attempt(lambda: os.unlink('/'))
print('nothing was reached')
