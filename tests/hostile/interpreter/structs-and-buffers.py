# tries: struct, array and memoryview with formats and shapes that cannot be
# attack: interpreter-crashes
# ends: succeeded
# shows: held
import struct, array
for form in ('', 'x' * 10_000, '999999999999s', '@P', '>q', '<n', '0s', '0p', '2147483647x', 'e', '!d', '=?', '\ud800', 'é', '-1i', '1', ' i', '&', '4294967296s'):
    for use in (lambda: struct.calcsize(form), lambda: struct.pack(form, 2**64), lambda: struct.unpack(form, b'\xff' * 8), lambda: struct.unpack_from(form, b'ab', -1), lambda: struct.pack_into(form, bytearray(3), 2**40, 1), lambda: list(struct.iter_unpack(form, b'abcd')), lambda: memoryview(b'abcdefgh').cast(form), lambda: array.array(form, [1])):
        try:
            use()
        except Exception:
            pass
m = memoryview(bytearray(24))
for use in (lambda: m.cast('B', (2, 3, 4))[1, 2, 3], lambda: m.cast('B', (2**31, 2**31)), lambda: m.cast('i', (-1,)), lambda: m[::0], lambda: m[2**40:], lambda: m[::-2**63], lambda: m.cast('B', (2, 12)).tolist(), lambda: m.cast('B', ()), lambda: m.__setitem__(slice(0, 3), b'ab'), lambda: m.release() or m[0], lambda: m.tobytes()):
    try:
        use()
    except Exception:
        pass
print('held')
