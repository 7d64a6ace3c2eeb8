# tries: a function that calls itself, the limit set to a billion
# attack: 57
# ends: RecursionError or MemoryError
import sys
sys.setrecursionlimit(10**9)
def f():
    f()
f()
