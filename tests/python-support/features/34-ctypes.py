# C libraries (ctypes)
import ctypes
ctypes.CDLL(None)
