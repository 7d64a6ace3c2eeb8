# tries: finding something in memory that it never wrote
# attack: 90, memory-reuse
# ends: succeeded
# shows: all zero
import array, io, struct
blocks = [bytearray(size) for size in (1, 100, 4096, 65_536, 1 << 20, 16 << 20) for _ in range(3)]
blocks += [bytes(size) for size in (100, 1 << 20)]
blocks.append(array.array('d', [0]) * (1 << 18))
grown = io.BytesIO()
grown.seek(4 << 20)
grown.write(b'\0')
blocks.append(grown.getvalue())
blocks.append(struct.pack('1000000x'))
for block in blocks:
    data = bytes(block)
    assert data.count(0) == len(data), len(data)
print('all zero')
