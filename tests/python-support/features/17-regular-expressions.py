# Regular expressions: groups, lookaround, possessive quantifiers
import re
assert re.sub(r"(?P<y>\d{4})-(?P<m>\d\d)", r"\g<m>/\g<y>", "2026-11") == "11/2026"
assert re.findall(r"(?<=a)b(?!c)", "abab abc") == ["b", "b"] and re.fullmatch(r"a*+b", "aab")
