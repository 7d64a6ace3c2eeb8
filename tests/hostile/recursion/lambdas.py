# tries: ten thousand lambdas in each other
# attack: 29
# ends: exception
eval('lambda:' * 10_000 + '1')
