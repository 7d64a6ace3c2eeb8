"""`marimo.App`: notebooks in files. A cell is a function: its parameters are the names that it reads, what it returns the names that it makes."""

import ast
import graphlib
import inspect
import textwrap


class Cell:
    """One cell of an app."""

    def __init__(self, function, **config):
        self._function, self.config, self.name = function, config, function.__name__
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        self._body = tree.body[0].body
        self.is_async = isinstance(tree.body[0], ast.AsyncFunctionDef)
        self.refs = {argument.arg for argument in tree.body[0].args.args}
        last = self._body[-1] if self._body else None
        self.defs = set()
        if isinstance(last, ast.Return):
            named = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
            self.defs = {node.id for node in named if isinstance(node, ast.Name)}
            self._body = self._body[:-1]

    def __call__(self, *values, **names):
        return self._function(*values, **names)

    def run(self, **refs):
        """`(output, definitions)`, with these values for what it reads."""
        missing = self.refs - set(refs)
        if missing:
            raise ValueError(f"the cell reads {', '.join(sorted(missing))} as well; give them")
        return self._run({**self._function.__globals__, **refs})

    def _run(self, scope):
        body, output = list(self._body), None
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        name = self._function.__code__.co_filename
        exec(compile(ast.Module(body, []), name, "exec"), scope)
        if last is not None:
            output = eval(compile(ast.Expression(last.value), name, "eval"), scope)
        return output, {name: scope[name] for name in self.defs if name in scope}


class _Setup:
    """`with app.setup:` the imports that every cell sees: they are those of the file."""

    def __call__(self, **config):
        return self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


class App:
    """A notebook."""

    def __init__(self, **config):
        self.config = config
        self.setup = _Setup()
        self._cells = []

    def cell(self, function=None, **config):
        """Makes a function a cell."""
        if function is None:
            return lambda function: self.cell(function, **config)
        made = Cell(function, **config)
        self._cells.append(made)
        return made

    def function(self, function=None, **config):
        """A function that other files can import; it stays what it is."""
        return function if function is not None else lambda function: function

    class_definition = function

    def embed(self, defs=None):
        """Runs the app inside another."""
        outputs, found = self.run(defs)
        from ._layout import vstack

        class Embedded:
            output = vstack([output for output in outputs if output is not None])
            defs = found

        return Embedded()

    def run(self, defs=None):
        """Runs every cell after those that it reads from: `(outputs in the order of the file, definitions)`. `defs` replaces what cells would define."""
        from _selvedge_kernel.stopping import CellStop

        given = dict(defs or {})
        makers = {}
        for place, cell in enumerate(self._cells):
            for name in cell.defs:
                if name in makers:
                    raise ValueError(f"`{name}` is defined by two cells, {self._cells[makers[name]].name} and {cell.name}; rename one")
                makers[name] = place
        order = graphlib.TopologicalSorter({place: {makers[name] for name in cell.refs if name in makers} for place, cell in enumerate(self._cells)})
        outputs, found, stopped = [None] * len(self._cells), dict(given), set()
        for place in order.static_order():
            cell = self._cells[place]
            above = {makers[name] for name in cell.refs if name in makers}
            if above & stopped or cell.config.get("disabled"):
                stopped.add(place)
                continue
            if cell.is_async:
                raise NotImplementedError("cells that await run one by one in the notebook, not by `app.run`")
            try:
                outputs[place], made = cell._run({**cell._function.__globals__, **found})
                found |= {name: value for name, value in made.items() if name not in given}
            except CellStop as stop:
                outputs[place] = stop.output
                stopped.add(place)
        return tuple(outputs), found
