# tries: two billion digits, columns and bits, by every function that takes a number of them
# attack: 42
# limits: memory_bytes 134_217_728
# ends: succeeded
# shows: refused 27
import hashlib, io, os, random
big = 2_000_000_000
def sought(file, piece):
    file.seek(2**31 - 1)
    file.write(piece)
calls = [
    lambda: '%.2000000000f' % 1.5, lambda: '%.2000000000e' % 1.5, lambda: '%.2000000000d' % 1, lambda: '%*d' % (big, 1), lambda: '%-2000000000s' % 'a',
    lambda: b'%2000000000d' % 1, lambda: b'%-2000000000s' % b'a', lambda: b'%.*x' % (big, 1), lambda: f'{1.5:.2000000000f}', lambda: f'{1.5:.2000000000%}',
    lambda: f'{1:2000000000}', lambda: f'{1:02000000000,}', lambda: f'{"a":2000000000}', lambda: f'{1j:2000000000}', lambda: format('a', '^2000000000'),
    lambda: '\t'.expandtabs(2**31 - 1), lambda: ('\t' * 10).expandtabs(2**29), lambda: b'\t'.expandtabs(big), lambda: bytearray(b'\t').expandtabs(big),
    lambda: ('b' * 10**5).join('a' * 10**5), lambda: sought(io.BytesIO(), b'x'), lambda: sought(io.StringIO(), 'x'), lambda: random.getrandbits(2**31 - 1),
    lambda: os.urandom(2**31 - 1), lambda: hashlib.pbkdf2_hmac('sha256', b'a', b'b', 1, 2**31 - 1), lambda: 'a'.center(2**31 - 1), lambda: b'a'.zfill(2**31 - 1),
]
refused = 0
for number, call in enumerate(calls):
    try:
        call()
    except (MemoryError, OverflowError, ValueError):
        refused += 1
    else:
        print('not refused:', number)
print('refused', refused)
