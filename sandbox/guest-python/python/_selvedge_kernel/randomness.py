"""Fresh randomness for each instance, without a trace in anything else.

Instances begin as copies of one memory, so the shared generator of `random` is seeded before the first cell and again after each restore, unless
a cell seeded it itself: then its numbers go on as if nothing had happened. The same work is done before every cell, mostly on a generator that
nobody uses, so that a cell finds the same heap, and burns the same fuel, whether or not its kernel was restored just before. The work itself is
not counted.
"""

import _random
import os
import random

_shared = random._inst
_unused = random.Random()
_chosen = False


def renew(new_instance):
    # Without a branch, and with the topmost bit for the number's length: the same steps whatever the case.
    one = (_unused, _shared)[(new_instance == "1") > _chosen]
    # What `Random.seed` does with a number. That one needs names that a cell can take away.
    _seed_with_number(one, int.from_bytes(_urandom(32), "little") | 1 << 256)
    one.gauss_next = None


def install():
    random.Random.seed = _seed_from_host
    random.seed = _seed_shared
    random.setstate = _setstate_shared


_native_seed = random.Random.seed
_seed_with_number = _random.Random.seed
_urandom = os.urandom


def _seed_from_host(self, a=None, version=2):
    """Initialize internal state from a seed, or from the operating system's randomness."""
    # Left to itself the interpreter would take it from its own memory, which is the same everywhere.
    _native_seed(self, int.from_bytes(os.urandom(32), "little") if a is None else a, version)


def _seed_shared(a=None, version=2):
    """Initialize internal state from a seed, or from the operating system's randomness."""
    global _chosen
    _chosen = a is not None
    _shared.seed(a, version)


def _setstate_shared(state):
    """Restore internal state from object returned by getstate()."""
    global _chosen
    _chosen = True
    _shared.setstate(state)
