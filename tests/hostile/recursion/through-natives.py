# tries: recursion that passes through native code at every step
# attack: 57, deep-protocols
# ends: RecursionError
import sys, functools
sys.setrecursionlimit(10**9)
class Add:
    def __add__(self, other):
        return functools.reduce(lambda a, b: a + b, [self, other])
Add() + Add()
