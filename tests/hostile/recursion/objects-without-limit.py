# tries: a class that makes another of itself when it is made, the limit set to a billion
# attack: 57
# ends: RecursionError or MemoryError
import sys
sys.setrecursionlimit(10**9)
class C:
    def __init__(self):
        C()
C()
