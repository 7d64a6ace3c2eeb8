# tries: a tree that is higher than its source nests: sums that begin with sums in parentheses
# attack: 27
# ends: RecursionError
terms = '+1' * 2000
source = '1' + terms
for _ in range(30):
    source = '(' + source + ')' + terms
eval(source)
