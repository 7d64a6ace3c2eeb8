# tries: interrupting itself
# attack: 80
# ends: KeyboardInterrupt
raise KeyboardInterrupt
