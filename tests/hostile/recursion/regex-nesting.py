# tries: a regular expression with five thousand groups in each other
# attack: 11
# ends: exception
import re
re.compile('(?:' * 5000 + ')' * 5000)
