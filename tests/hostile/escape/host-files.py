# tries: reading the host's files
# attack: 69, host-paths
# ends: succeeded
# shows: nothing was read
# never: root:x:0
import os
for path in ('/etc/passwd', '/etc/hostname', '/proc/self/mem', '/proc/self/environ', '/proc/self/maps', '/proc/self/cmdline', '/proc/1/environ',
             '/dev/mem', '/dev/kmem', '/dev/zero', '/dev/urandom', '/sys/kernel/notes', '/root/.ssh/id_rsa', '/var/run/docker.sock', '//etc/passwd', '/./etc/passwd', 'file:///etc/passwd'):
    for attempt in (lambda: open(path).read(), lambda: open(path, 'rb').read(), lambda: os.open(path, os.O_RDONLY), lambda: os.stat(path)):
        try:
            print(path, attempt())
        except OSError:
            pass
print('nothing was read')
