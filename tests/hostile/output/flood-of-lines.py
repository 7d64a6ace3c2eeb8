# tries: a million short lines
# attack: output-flood
# ends: truncated
for i in range(10**6):
    print(i)
