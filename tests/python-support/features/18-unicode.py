# Unicode: names, normalisation, casefold, identifiers, surrogates
import unicodedata
größe = "ﬁ"
assert unicodedata.normalize("NFKC", größe) == "fi" and "Straße".casefold() == "strasse"
assert unicodedata.name("é") == "LATIN SMALL LETTER E WITH ACUTE" and len("😀") == 1 and "\ud800".encode("utf-8", "surrogatepass")
