# tries: JSON that is a million lists deep
# attack: 25, json-nesting
# ends: RecursionError or JSONDecodeError or ValueError
import json
json.loads('[' * 10**6)
