"""Makes the image's memory that of an interpreter that has been running for a while: modules imported, caches warm, garbage gone."""

import builtins
import gc
import importlib
import linecache
import os
import sys
import traceback

import __main__

import selvedge

from . import asks, errors, files, hints, randomness, room, stdio, waiting

# What cells import most; here it costs them nothing. Everything else in the standard library is imported when asked for.
MODULES = """
abc argparse array ast asyncio base64 binascii bisect calendar cmath codecs collections collections.abc colorsys contextlib contextvars copy copyreg
csv dataclasses datetime decimal difflib enum errno fnmatch fractions functools gc getpass graphlib hashlib heapq hmac html importlib inspect io
ipaddress itertools json keyword linecache locale logging math numbers operator os os.path pathlib pickle platform pprint queue random re
reprlib secrets shlex signal statistics string struct sys tempfile textwrap threading time timeit token tokenize tomllib traceback types typing
unicodedata urllib.parse uuid warnings weakref zlib
""".split()

CELLS = [
    "x = 41",
    "x + 1",
    "print(1)",
    "print('a', 2, 3.5, [1, 'b'], {'k': (1, 2)}, sep=', ')",
    "import json, re, math, random, datetime, collections, itertools\n"
    "json.dumps({'a': [1, 2.5, None, True, 'é']}), json.loads('{\"a\": [1, 2.5, null, true]}')",
    "for i in range(300):\n    x = i * 2 + x % 7\nx",
    "def f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\nf(12)",
    "class P:\n    def __init__(self, a, b=2):\n        self.a = a\n        self.b = b\n"
    "    @property\n    def sum(self):\n        return self.a + self.b\n"
    "sorted((P(i) for i in range(40)), key=lambda p: -p.sum)[0].sum",
    "d = {}\nfor w in ('the cat and the dog and the end ' * 9).split():\n    d[w] = d.get(w, 0) + 1\n"
    "', '.join(f'{k}={v:>3}' for k, v in sorted(d.items()))",
    "re.findall(r'(\\w+)@(\\w+)\\.com', 'a@b.com, c@d.com')",
    "from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int\n    b: str = 'x'\nD(1)",
    "1 / 0",
    "def g():\n    return undefined\ng()",
    "x = (1,",
    "import numpy",
    "try:\n    int('x')\nexcept ValueError as e:\n    print(repr(e))",
    "from selvedge import table, chart\ntable([{'a': 1, 'b': 'x'}, {'a': 2.5, 'b': None}])",
    "chart.line([{'t': 1, 'v': 2}, {'t': 2, 'v': 3}], x='t', y='v', title='T')",
    "display(table([[1, 2]]))",
    "input()",
    "import os\nwith open('warm', 'w') as f:\n    f.write('a')\nwith open('warm') as f:\n    f.read()\nos.listdir()\nos.remove('warm')",
    "import asyncio\nawait asyncio.sleep(0)",
    "datetime.date(2000, 1, 2).isoformat(), math.sqrt(2), collections.Counter('abca').most_common(1), list(itertools.chain([1], [2]))",
]

QUESTIONS = [
    '{"complete": {"code": "import js", "cursor": 9}}',
    '{"complete": {"code": "x = json.du", "cursor": 11}}',
    '{"complete": {"code": "sorted(so", "cursor": 9}}',
    '{"inspect": {"code": "json.dumps", "cursor": 8}}',
    '{"variables": {}}',
    '{"is_complete": {"code": "def f():"}}',
]


def up(handle, imports):
    for name in MODULES:
        importlib.import_module(name)
    stdio.install()
    randomness.install()
    waiting.install()
    files.install()
    selvedge.install()
    for name in imports:
        _import(name)
    asks.load()
    hints.install()
    __builtins__.update(builtins.__dict__)
    kept = dict(__main__.__dict__)
    # Inline caches settle after a few rounds.
    for _ in range(3):
        for cell in CELLS:
            handle("renew", "1")
            handle("run", "warm", cell, "a line")
            handle("renew", "0")
        for question in QUESTIONS:
            handle("ask", question)
    handle("run", "warm", "print(1)", "")
    # Nothing of this must be seen.
    __main__.__dict__.clear()
    __main__.__dict__.update(kept)
    del builtins._
    waiting.forget()
    linecache.clearcache()
    errors.LABELS.clear()
    sys.modules.pop("numpy", None)
    gc.collect()
    gc.collect()
    room.make()
    gc.freeze()


def _import(name):
    try:
        importlib.import_module(name)
    except BaseException as error:
        # Past the streams of cells, which nobody hears while an image is built.
        os.write(2, "".join(traceback.format_exception(error)).encode())
        raise
