"""Lets what cells make lie side by side.

Booting leaves holes all over the heap. A cell that filled them would write to a page here and a page there, and each page that it writes is one to copy,
to keep and to fetch. So the holes are filled here once and for all, and behind them is room for what kernels usually make: their memory does not
have to grow for it.
"""

_ROOM = 4 << 20

# Of the largest first: what does not fit into a hole any more comes from the heap's end, and the next size fits into what was left.
_FILLING = ((65536, 8), (16384, 32), (4096, 128), (1024, 512), (512, 512), (256, 1024), (128, 2048), (96, 2048), (64, 4096), (48, 4096), (32, 8192), (24, 8192), (16, 8192), (8, 8192))

_filling = []


def make():
    _filling.extend([bytes(size) for _ in range(count)] for size, count in _FILLING)
    room = bytearray(_ROOM)
    del room
