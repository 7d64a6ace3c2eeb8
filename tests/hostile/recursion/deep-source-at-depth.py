# tries: compiling source that nests when the stack is nearly used up
# attack: 27, 57
# ends: succeeded
# shows: came back
import sys
sys.setrecursionlimit(10**6)
source = '-' * 4000 + '1'
def down(depth):
    if depth % 200 == 0:
        try:
            compile(source, 'x', 'eval')
        except (RecursionError, SyntaxError, MemoryError):
            pass
    down(depth + 1)
try:
    down(0)
except RecursionError:
    print('came back')
