"""Elements with a value that whoever looks at the notebook can set: `slider = mo.ui.slider(1, 10)`, then `slider.value`."""

import base64 as _base64
import datetime as _datetime
import json as _json
import types as _types
import weakref as _weakref

from selvedge import _rows

from ._html import Html, as_html, escaped

MIME = "application/vnd.selvedge.ui+json"

_elements = _weakref.WeakValueDictionary()
_count = 0


class UIElement(Html):
    """An element. `value` is what it is set to."""

    kind = "element"

    def __init__(self, value, label="", on_change=None, full_width=False, disabled=False, **settings):
        global _count
        _count += 1
        self._id = f"ui-{_count}"
        self._label, self._on_change = label, on_change
        self._settings = {name: setting for name, setting in settings.items() if setting is not None}
        if full_width:
            self._settings["full_width"] = True
        if disabled:
            self._settings["disabled"] = True
        self._value = value
        _elements[self._id] = self

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        raise RuntimeError("the value of an element is set by whoever looks at it; make another element to begin with another value")

    @property
    def text(self):
        return f'<selvedge-ui data-element="{escaped(_json.dumps(self._described(), ensure_ascii=False, default=str))}">{self._fallback()}</selvedge-ui>'

    def form(self, label="", *, submit_button_label="Submit", clear_on_submit=False, bordered=True, **options):
        """This element, whose value counts only when it is submitted."""
        return form(self, label, submit_button_label=submit_button_label, clear_on_submit=clear_on_submit, bordered=bordered)

    def _set(self, sent):
        """What the page sends becomes the value."""
        self._value = self._taken(sent)
        if self._on_change is not None:
            self._on_change(self._value)

    def _taken(self, sent):
        return sent

    def _sent(self):
        """The value as the page has it."""
        return self._value

    def _described(self):
        return {"id": self._id, "kind": self.kind, "label": self._title(), "value": self._sent(), **self._settings}

    def _title(self):
        return self._label if isinstance(self._label, str) else as_html(self._label).text

    def _fallback(self):
        return f"<label>{escaped(self._title() or self.kind)}: {escaped(self._shown())}</label>"

    def _shown(self):
        return self._value if isinstance(self._value, str) else repr(self._value)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {MIME: self._described(), "text/html": self.text, "text/plain": repr(self)}

    def __repr__(self):
        return f"{self.kind}{f' “{self._title()}”' if self._title() else ''}: {self._shown()}"


def _set_value(identity, sent):
    element = _elements.get(identity)
    if element is None:
        raise LookupError(f"there is no element {identity}: the cell that made it was run again or the kernel went back; show it again")
    element._set(sent)


def _within(value, start, stop, what):
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError(f"{what} takes numbers, not {value!r}")
    if start is not None and value < start or stop is not None and value > stop:
        raise ValueError(f"{what} goes from {start} to {stop}; {value} is outside")
    return value


class slider(UIElement):
    """A number from a range."""

    kind = "slider"

    def __init__(self, start=None, stop=None, step=None, value=None, *, steps=None, debounce=False, orientation="horizontal", show_value=False, include_input=False, label="", on_change=None, full_width=False, disabled=False):
        if steps is not None:
            steps = list(steps)
            start, stop = steps[0], steps[-1]
        if start is None or stop is None or stop < start:
            raise ValueError("a slider needs where it starts and where it stops, in this order")
        self.start, self.stop, self.step, self.steps = start, stop, step, steps
        first = start if value is None else value
        super().__init__(_within(first, start, stop, "the slider"), label, on_change, full_width, disabled, start=start, stop=stop, step=step, steps=steps, show_value=show_value, orientation=orientation)

    def _taken(self, sent):
        return _within(sent, self.start, self.stop, "the slider")


class range_slider(slider):
    """Two numbers from a range."""

    kind = "range_slider"

    def __init__(self, start=None, stop=None, step=None, value=None, **options):
        super().__init__(start, stop, step, None, **options)
        self._value = self._taken(value if value is not None else [self.start, self.stop])

    def _taken(self, sent):
        low, high = (_within(one, self.start, self.stop, "the slider") for one in sent)
        return [low, high] if low <= high else [high, low]


class number(UIElement):
    """A number."""

    kind = "number"

    def __init__(self, start=None, stop=None, step=None, value=None, *, debounce=False, label="", on_change=None, full_width=False, disabled=False):
        self.start, self.stop, self.step = start, stop, step
        first = value if value is not None else start if start is not None else 0
        super().__init__(_within(first, start, stop, "the number"), label, on_change, full_width, disabled, start=start, stop=stop, step=step)

    def _taken(self, sent):
        return None if sent is None else _within(sent, self.start, self.stop, "the number")


class text(UIElement):
    """A line of text."""

    kind = "text"

    def __init__(self, value="", placeholder="", kind="text", max_length=None, *, disabled=False, debounce=True, label="", on_change=None, full_width=False):
        super().__init__(str(value), label, on_change, full_width, disabled, placeholder=placeholder, type=kind, max_length=max_length)

    def _taken(self, sent):
        most = self._settings.get("max_length")
        return str(sent)[:most] if most else str(sent)

    def _shown(self):
        return "•" * len(self._value) if self._settings.get("type") == "password" else self._value

    def _described(self):
        described = super()._described()
        # A password stays here.
        return {**described, "value": ""} if self._settings.get("type") == "password" else described


class text_area(text):
    """Several lines of text."""

    kind = "text_area"

    def __init__(self, value="", placeholder="", max_length=None, *, rows=None, disabled=False, debounce=True, label="", on_change=None, full_width=False):
        super().__init__(value, placeholder, "text", max_length, disabled=disabled, label=label, on_change=on_change, full_width=full_width)
        self._settings["rows"] = rows or 4


class code_editor(text):
    """Source text."""

    kind = "code_editor"

    def __init__(self, value="", language="python", placeholder="", theme=None, min_height=None, max_height=None, *, disabled=False, debounce=False, label="", on_change=None, show_copy_button=True):
        super().__init__(value, placeholder, disabled=disabled, label=label, on_change=on_change)
        self._settings["language"] = language


class checkbox(UIElement):
    """Yes or no."""

    kind = "checkbox"

    def __init__(self, value=False, *, label="", on_change=None, disabled=False):
        super().__init__(bool(value), label, on_change, False, disabled)

    def _taken(self, sent):
        return bool(sent)


class switch(checkbox):
    """On or off."""

    kind = "switch"


class _Choice(UIElement):
    def __init__(self, options, value, label, on_change, full_width, disabled, **settings):
        self.options = dict(options) if isinstance(options, dict) else {str(option): option for option in options}
        super().__init__(None, label, on_change, full_width, disabled, options=list(self.options), **settings)
        self._value = self._taken(value)

    def _known(self, key):
        if key not in self.options:
            raise ValueError(f"{key!r} is not one of the options {', '.join(map(repr, self.options))}")
        return self.options[key]

    def _keys(self, values):
        return [key for key, option in self.options.items() if any(option is value or option == value for value in values)]


class dropdown(_Choice):
    """One of several, or none."""

    kind = "dropdown"

    def __init__(self, options, value=None, allow_select_none=None, searchable=False, *, label="", on_change=None, full_width=False, disabled=False):
        super().__init__(options, _key(value), label, on_change, full_width, disabled, allow_select_none=allow_select_none, searchable=searchable)

    @property
    def selected_key(self):
        return next(iter(self._keys([self._value])), None) if self._value is not None else None

    def _taken(self, sent):
        if isinstance(sent, list):
            sent = sent[0] if sent else None
        return None if sent is None else self._known(sent)

    def _sent(self):
        return self.selected_key


class radio(dropdown):
    """One of several."""

    kind = "radio"

    def __init__(self, options, value=None, inline=False, *, label="", on_change=None, disabled=False):
        super().__init__(options, value, label=label, on_change=on_change, disabled=disabled)
        self._settings["inline"] = inline


def _key(value):
    return value if value is None else str(value)


class multiselect(_Choice):
    """Some of several."""

    kind = "multiselect"

    def __init__(self, options, value=None, *, label="", on_change=None, full_width=False, max_selections=None, disabled=False):
        self.max_selections = max_selections
        super().__init__(options, [str(one) for one in value or ()], label, on_change, full_width, disabled, max_selections=max_selections)

    def _taken(self, sent):
        if self.max_selections is not None and len(sent) > self.max_selections:
            raise ValueError(f"at most {self.max_selections} can be chosen")
        return [self._known(key) for key in sent]

    def _sent(self):
        return self._keys(self._value)


class button(UIElement):
    """Its value becomes what `on_click` makes of it."""

    kind = "button"

    def __init__(self, on_click=None, value=None, kind="neutral", disabled=False, tooltip=None, *, label="click here", on_change=None, full_width=False, keyboard_shortcut=None):
        self._on_click = on_click
        super().__init__(value, label, on_change, full_width, disabled, style=kind, tooltip=tooltip)

    def _taken(self, sent):
        return self._value if self._on_click is None else self._on_click(self._value)

    def _sent(self):
        return None

    def _shown(self):
        return "pressed" if self._value else "not pressed"


class run_button(button):
    """True in the run that its click starts."""

    kind = "run_button"

    def __init__(self, kind="neutral", disabled=False, tooltip=None, *, label="click to run", on_change=None, full_width=False, keyboard_shortcut=None):
        super().__init__(None, False, kind, disabled, tooltip, label=label, on_change=on_change, full_width=full_width)

    def _taken(self, sent):
        return bool(sent)


class date(UIElement):
    """A day."""

    kind = "date"
    _type = _datetime.date

    def __init__(self, start=None, stop=None, value=None, *, label="", on_change=None, full_width=False, disabled=False):
        self.start, self.stop = self._read(start), self._read(stop)
        first = self._read(value) or max(filter(None, [self.start, min(filter(None, [self._now(), self.stop]))]))
        super().__init__(first, label, on_change, full_width, disabled, start=self._written(self.start), stop=self._written(self.stop))

    @staticmethod
    def _now():
        return _datetime.date.today()

    def _read(self, given):
        return self._type.fromisoformat(given) if isinstance(given, str) else given

    def _written(self, value):
        return None if value is None else value.isoformat()

    def _taken(self, sent):
        read = self._read(sent)
        if read is not None and (self.start is not None and read < self.start or self.stop is not None and read > self.stop):
            raise ValueError(f"it goes from {self.start} to {self.stop}; {read} is outside")
        return read

    def _sent(self):
        return self._written(self._value)

    def _shown(self):
        return str(self._value)


class datetime(date):
    """A day with a time."""

    kind = "datetime"
    _type = _datetime.datetime

    @staticmethod
    def _now():
        return _datetime.datetime.now().replace(microsecond=0)


class date_range(date):
    """Two days."""

    kind = "date_range"

    def __init__(self, start=None, stop=None, value=None, **options):
        super().__init__(start, stop, **options)
        self._value = self._taken(value) if value is not None else (self.start or self._value, self.stop or self._value)

    def _taken(self, sent):
        return tuple(super(date_range, self)._taken(one) for one in sent)

    def _sent(self):
        return [self._written(one) for one in self._value]


class table(UIElement):
    """Rows, of which some can be selected: the value is what is selected."""

    kind = "table"

    def __init__(self, data, pagination=None, selection="multi", page_size=10, *, initial_selection=None, label="", on_change=None, show_column_summaries=None, **options):
        self.data = data
        self._rows = list(data) if not isinstance(data, dict) else None
        self._names, self._records = _rows.read(data)
        self._selection = selection
        columns = [{"name": name, "type": _rows.kind(record[i] for record in self._records)} for i, name in enumerate(self._names)]
        shown = [[_rows.plain(value) for value in record] for record in self._records[:1_000]]
        super().__init__([], label, on_change, columns=columns, rows=shown, total=len(self._records), selection=selection, page_size=page_size)
        self._places = []
        self._set_places(initial_selection or [])

    def _set_places(self, places):
        if places and self._selection is None:
            raise ValueError("nothing can be selected in this table")
        if len(places) > 1 and self._selection == "single":
            raise ValueError("one row can be selected in this table")
        for place in places:
            if not 0 <= place < len(self._records):
                raise ValueError(f"there is no row {place}")
        self._places = list(places)
        self._value = [self._rows[place] if self._rows is not None else dict(zip(self._names, self._records[place])) for place in places]

    def _taken(self, sent):
        self._set_places([int(place) for place in sent])
        return self._value

    def _sent(self):
        return self._places

    def _fallback(self):
        from selvedge import table as plain_table

        return as_html(plain_table(self.data)).text

    def _shown(self):
        return f"{len(self._records):,} rows, {len(self._places)} selected"


class file(UIElement):
    """Files that somebody chooses: each has a `name` and `contents`."""

    kind = "file"

    def __init__(self, filetypes=None, multiple=False, kind="button", *, max_size=None, label="", on_change=None):
        super().__init__([], label, on_change, filetypes=list(filetypes or ()), multiple=multiple)

    def _taken(self, sent):
        return [_types.SimpleNamespace(name=one["name"], contents=_base64.b64decode(one["contents"])) for one in sent]

    def _sent(self):
        return None

    def name(self, index=0):
        """Of a file, or None."""
        return self._value[index].name if index < len(self._value) else None

    def contents(self, index=0):
        """Of a file, or None."""
        return self._value[index].contents if index < len(self._value) else None

    def _shown(self):
        return ", ".join(one.name for one in self._value) or "no file"


class refresh(UIElement):
    """Its value changes whenever its time has come."""

    kind = "refresh"

    def __init__(self, options=None, default_interval=None, *, label="", on_change=None):
        super().__init__(default_interval, label, on_change, options=list(options or ()))


class _Many(UIElement):
    """An element of elements."""

    def __init__(self, elements, label, on_change):
        self.elements = elements
        super().__init__(None, label, on_change)

    def _pairs(self):
        return self.elements.items() if isinstance(self.elements, dict) else enumerate(self.elements)

    @property
    def value(self):
        return {name: element.value for name, element in self._pairs()} if isinstance(self.elements, dict) else [element.value for element in self.elements]

    def _taken(self, sent):
        for name, one in sent.items() if isinstance(sent, dict) else enumerate(sent):
            self.elements[int(name) if isinstance(self.elements, list) else name]._set(one)

    def _set(self, sent):
        self._taken(sent)
        if self._on_change is not None:
            self._on_change(self.value)

    def _sent(self):
        return {name: element._sent() for name, element in self._pairs()} if isinstance(self.elements, dict) else [element._sent() for element in self.elements]

    def _described(self):
        parts = {str(name): element._described() for name, element in self._pairs()}
        return {**super()._described(), "elements": parts}

    def _shown(self):
        return repr(self.value)

    def __getitem__(self, name):
        return self.elements[name]

    def __len__(self):
        return len(self.elements)

    def __iter__(self):
        return iter(self.elements)

    def __contains__(self, name):
        return name in self.elements


class array(_Many):
    """Elements in order: the value is the list of theirs."""

    kind = "array"

    def __init__(self, elements, *, label="", on_change=None):
        super().__init__(list(elements), label, on_change)


class dictionary(_Many):
    """Elements with names: the value is the dictionary of theirs."""

    kind = "dictionary"

    def __init__(self, elements, *, label="", on_change=None):
        super().__init__(dict(elements), label, on_change)

    def items(self):
        """Names and elements."""
        return self.elements.items()

    def keys(self):
        """Names."""
        return self.elements.keys()

    def values(self):
        """Elements."""
        return self.elements.values()


class batch(dictionary):
    """Elements inside HTML."""

    kind = "batch"

    def __init__(self, html, elements, *, label="", on_change=None):
        self._frame = html
        super().__init__(elements, label=label, on_change=on_change)

    def _fallback(self):
        made = self._frame.text
        for name, element in self.elements.items():
            made = made.replace("{" + name + "}", element.text)
        return made


class form(UIElement):
    """An element whose value counts when it is submitted; None until then."""

    kind = "form"

    def __init__(self, element, label="", *, bordered=True, submit_button_label="Submit", submit_button_tooltip=None, submit_button_disabled=False, clear_on_submit=False, show_clear_button=False, clear_button_label="Clear", validate=None, on_change=None, **options):
        self.element = element
        self._validate = validate
        super().__init__(None, label, on_change, submit=submit_button_label, clear_on_submit=clear_on_submit)

    def _taken(self, sent):
        self.element._set(sent)
        if self._validate is not None and (objection := self._validate(self.element.value)):
            raise ValueError(objection)
        return self.element.value

    def _sent(self):
        return self.element._sent()

    def _described(self):
        return {**super()._described(), "element": self.element._described()}


class tabs(UIElement):
    """Titles of which one is open: the value is its title."""

    kind = "tabs"

    def __init__(self, tabs, value=None, lazy=False, *, label="", on_change=None):
        self.tabs = tabs
        super().__init__(value if value is not None else next(iter(tabs), None), label, on_change, tabs=list(tabs))

    def _taken(self, sent):
        if sent not in self.tabs:
            raise ValueError(f"there is no tab {sent!r}")
        return sent

    def _described(self):
        return {**super()._described(), "panels": {title: as_html(panel).text for title, panel in self.tabs.items()}}

    def _fallback(self):
        return "".join(f"<h4>{escaped(title)}</h4>{as_html(panel).text}" for title, panel in self.tabs.items())


_UNSUPPORTED = {
    "altair_chart": "it needs altair; `selvedge.chart` draws lines, bars, points and areas",
    "anywidget": "widgets bring JavaScript of their own, which pages here do not run",
    "chat": "ask a model in the notebook's chat instead",
    "data_editor": "edit the data in code, and show it with `mo.ui.table`",
    "data_explorer": "it needs altair and pandas; `selvedge.table` sorts and filters",
    "dataframe": "it needs pandas or polars; `selvedge.table` sorts and filters",
    "experimental_data_editor": "edit the data in code, and show it with `mo.ui.table`",
    "file_browser": "`os.listdir` tells what is in a folder",
    "matplotlib": "it needs matplotlib; `selvedge.chart` draws lines, bars, points and areas",
    "matrix": "use `mo.ui.array` of `mo.ui.array`s of numbers",
    "microphone": "pages here do not record",
    "panel": "it needs panel",
    "plotly": "it needs plotly; `selvedge.chart` draws lines, bars, points and areas",
}


def __getattr__(name):
    if name in _UNSUPPORTED:
        raise NotImplementedError(f"`mo.ui.{name}` is not supported here: {_UNSUPPORTED[name]}.")
    raise AttributeError(f"module 'marimo.ui' has no attribute {name!r}")
