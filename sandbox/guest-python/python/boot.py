"""Runs once, when the image is built, with the text of every other file here in SOURCES and names of packages' modules in IMPORTS. Leaves `handle` behind."""

import builtins
import importlib.abc
import importlib.util
import sys
import types


class SourceFinder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports from SOURCES: `selvedge`, which cells may import, and `_selvedge_kernel`, which runs them."""

    def __init__(self, sources):
        self.modules = {}
        for path, text in sources.items():
            name = path.removesuffix("/__init__").replace("/", ".")
            self.modules[name] = (path, text)

    def find_spec(self, name, path=None, target=None):
        if name not in self.modules:
            return None
        return importlib.util.spec_from_loader(name, self, is_package=self.is_package(name))

    def is_package(self, name):
        return self.modules[name][0].endswith("/__init__")

    def get_source(self, name):
        return self.modules[name][1]

    def exec_module(self, module):
        path, text = self.modules[module.__name__]
        # Whatever a cell does to `builtins`, these modules have their own.
        module.__builtins__ = OWN_BUILTINS
        exec(compile(text, f"<selvedge>/{path}.py", "exec"), module.__dict__)


OWN_BUILTINS = dict(builtins.__dict__)
sys.meta_path.insert(0, SourceFinder(SOURCES))
# Modules in files are looked for from the first cell on; until then that would only cost time.
sys.path[:] = []
sys.argv[:] = [""]
# The namespace of cells.
sys.modules["__main__"] = types.ModuleType("__main__")
# Expected of a module by `from __future__ import annotations`.
sys.modules["__main__"].__annotations__ = {}

import _selvedge_kernel.warm
from _selvedge_kernel.cells import handle

_selvedge_kernel.warm.up(handle, IMPORTS)
