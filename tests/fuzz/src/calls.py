# Calls everything on everything: functions and methods of a few modules and of whatever they returned, with values that misbehave. The same for a seed.
import importlib
import random
import sys
import warnings

RANDOM = random.Random(SEED)
MODULES = """builtins operator itertools functools collections _collections math cmath re string struct array io json _json pickle copy copyreg types
typing datetime decimal fractions statistics heapq bisect zlib binascii base64 hashlib csv weakref gc sys ast dis inspect enum dataclasses contextlib
contextvars asyncio queue time calendar codecs unicodedata textwrap difflib marshal _io _sre _struct _random _functools _operator _weakref _datetime
_pickle _elementtree pyexpat tokenize symtable opcode _warnings traceback linecache graphlib uuid ipaddress shlex html xml.etree.ElementTree bz2 lzma
zipfile tomllib numbers abc _abc _typing _string _thread""".split()
# They end, wait, ask or switch something on that the rest would suffer from.
LEFT_OUT = set("""exit _exit abort sleep input breakpoint quit help select poll getpass pause kill interrupt_main setrecursionlimit read_input emit
write_out write_err write_bytes cycle execv fork handle run serve_forever run_forever _run_once settrace setprofile stack_size system popen _shutdown
start_new_thread start_joinable_thread set_int_max_str_digits set_threshold interact cmdloop acquire wait join get put acquire_lock""".split())
# With a large number they are large themselves, as they should be.
GROW = set("mul rmul imul pow rpow ipow lshift rlshift ilshift repeat factorial comb perm concat count range to_bytes ljust rjust center zfill".split())
SIMPLE = [0, 1, -1, 3, 255, 2**31, 2**63, -(2**63), 2**64, 1.5, -0.0, float("nan"), float("inf"), 1j, True, None, "", "a", "abc", "\ud800", "é\U0001f600"]
SIMPLE += ["%s", "{0}", "(a*)", b"", b"abc", b"\xff\x00", ..., NotImplemented]
pool = []


class Odd:
    """Answers everything, now so, now otherwise."""

    def __init__(self, *a):
        self.a = a

    def __getattr__(self, name):
        if name.startswith("__") and RANDOM.random() < 0.7:
            raise AttributeError(name)
        return Odd()

    def __call__(self, *a, **k):
        return some()

    def __iter__(self):
        return iter([some() for _ in range(RANDOM.randrange(4))])

    def __eq__(self, other):
        return bool(RANDOM.randrange(2))

    __lt__ = __contains__ = __eq__

    def __hash__(self):
        return RANDOM.randrange(3)

    def __index__(self):
        return RANDOM.randrange(-3, 4)

    def __len__(self):
        return RANDOM.randrange(4)

    def __getitem__(self, index):
        if RANDOM.random() < 0.4:
            raise IndexError
        return some()


def some(depth=0):
    chance = RANDOM.random()
    if pool and chance < 0.35:
        return RANDOM.choice(pool)
    if depth > 2 or chance < 0.65:
        return RANDOM.choice(SIMPLE)
    items = [some(depth + 1) for _ in range(RANDOM.randrange(4))]
    makers = [
        lambda: items, lambda: tuple(items), lambda: dict(enumerate(items)), lambda: set(map(str, items)), lambda: bytearray(b"abcd"),
        lambda: memoryview(bytearray(b"abcd")), lambda: range(3), lambda: slice(*items[:3] or [1]), lambda: iter(items), lambda: (x for x in items),
        Odd, lambda: lambda *a, **k: some(), object, lambda: RANDOM.choice([int, str, list, dict, type, object, bytes, Exception, Odd]),
        lambda: Exception(*items), lambda: compile("1", "x", "eval"), lambda: type("T", (), {"x": 1})(), lambda: map(str, items), lambda: property(len),
    ]
    try:
        return RANDOM.choice(makers)()
    except Exception:
        return None


def call(owner):
    name = RANDOM.choice(dir(owner))
    arguments = [some() for _ in range(RANDOM.choice([0, 1, 1, 1, 2, 2, 3, 4]))]
    large = any(isinstance(one, int) and abs(one) > 1000 for one in arguments)
    if name in LEFT_OUT or (large and name.strip("_") in GROW):
        return
    made = getattr(owner, name)(*arguments)
    if RANDOM.random() < 0.3:
        repr(made), hash(made)
    pool.append(made)
    if isinstance(made, type):
        pool.append(made.__new__(made))


warnings.simplefilter("ignore")
modules = [importlib.import_module(name) for name in RANDOM.sample(MODULES, 8)]
for _ in range(400):
    try:
        call(RANDOM.choice(pool if pool and RANDOM.random() < 0.5 else modules))
    except BaseException:
        pass
    del pool[:-60]
