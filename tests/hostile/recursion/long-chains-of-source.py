# tries: attributes, calls, subscripts, comparisons and operators by the million, in programs and in trees
# attack: 28, 29
# limits: wall_ms 60_000, memory_bytes 1_073_741_824
# ends: succeeded
# shows: refused 14
import ast
n = 10**6
refused = 0
for source in ('x' + '.a' * n, 'x' + '()' * n, 'x' + '[0]' * n, '1' + '+1' * n, '1' + '-1' * n + '*2', '-' * n + '1', '~+' * n + '1', 'not ' * n + '1', '1' + '**1' * n,
               'lambda:' * n + '1', '1 if 1 else ' * n + '1', 'await ' * n + 'x', 'x = ' + 'x.a[0]()' * n, '*' * n):
    for read in (lambda: compile(source, 'x', 'exec'), lambda: ast.parse(source)):
        try:
            read()
        except (RecursionError, SyntaxError, MemoryError):
            continue
        raise SystemExit(source[:20])
    refused += 1
print('refused', refused)
