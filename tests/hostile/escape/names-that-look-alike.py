# tries: names in other scripts that look like the kernel's
# attack: 83
# ends: succeeded
# shows: held
import sys
missing = 0
for name in ('_s\u0435lvedge', '\uff3fselvedge', '_selvedge\u200b', 'o\u017f', '\u043es', '\u202esys', 's\u0443s'):
    try:
        __import__(name)
        print('imported', ascii(name))
    except (ImportError, ValueError):
        missing += 1
ﬁ = 1
𝓀𝑒𝓅𝓉2 = 2
print('held' if missing == 7 and fi == 1 and kept2 == 2 else (missing, fi))
