# bytes, bytearray, memoryview, struct, array
import array, struct
data = bytearray(struct.pack("<IhB", 7, -2, 255))
memoryview(data)[0:1] = b"\x08"
assert struct.unpack("<IhB", data) == (8, -2, 255) and array.array("d", [1.5]).tobytes() == struct.pack("d", 1.5)
