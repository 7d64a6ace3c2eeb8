# sqlite3
import sqlite3
assert sqlite3.connect(":memory:").execute("select 1").fetchone() == (1,)
