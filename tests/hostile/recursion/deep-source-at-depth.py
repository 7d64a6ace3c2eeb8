# tries: compiling source that nests when the stack is nearly used up
# attack: 27, 57
# limits: wall_ms 60_000
# ends: succeeded
# shows: came back
import sys
sys.setrecursionlimit(10**6)
sources = ['-' * 2900 + '1', '1' + '+1' * 2900, 'a' + '.b' * 2900, 'lambda: ' * 900 + '0', '[' * 190 + ']' * 190]
def down(depth):
    if depth % 100 == 0:
        for source in sources:
            try:
                compile(source, 'x', 'eval')
            except (RecursionError, SyntaxError, MemoryError):
                pass
    # Through a native function, which takes stack.
    min([depth + 1], key=down)
try:
    down(0)
except RecursionError:
    print('came back')
