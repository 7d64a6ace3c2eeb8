# tries: leaving with a code beyond any process
# attack: 80, interpreter-crashes
# ends: SystemExit
raise SystemExit(2**70)
