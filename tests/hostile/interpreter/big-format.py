# tries: numbers formatted with groups, widths and precisions that do not fit
# attack: interpreter-crashes
# ends: succeeded
# shows: held
for value in (0, -1, 10**40, 1.5, float('nan'), float('-inf'), 1e308, True, 1j, 'x'):
    for spec in (',', '_x', '030,', '>+#020_b', '.0f', '.400f', '.99e', 'n', '%', 'c', '=^10', '\ud800<5', '999999', '.99999999999999999999f', '{', 'ª', ' ,.3%', '#X', 'z.1f', '08_o'):
        try:
            format(value, spec)
        except Exception:
            pass
    for spec in ('%c', '%.400f', '%999d', '%*d', '%#x', '%-+ 05.3e', '%(a)s', '%', '%y', '%.99999999999d', '%c%c'):
        try:
            spec % value
        except Exception:
            pass
print('held')
