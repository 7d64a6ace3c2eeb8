# tries: being where nobody looks for interrupts
# attack: deaf, native-loops
# cancelled: 300
# ends: stopped
sum(range(10**18))
