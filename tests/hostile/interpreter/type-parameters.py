# tries: the machinery of type parameters, called by hand
# attack: interpreter-crashes
# ends: succeeded
# shows: held
import typing
def attempt(*uses):
    for use in uses:
        try:
            use()
        except Exception:
            pass
type Loop = Loop | list[Loop]
def f[T: (f, 1 / 0), *Ts, **P](x: T): pass
attempt(lambda: Loop.__value__, lambda: repr(Loop.__value__), lambda: f.__type_params__[0].__constraints__, lambda: typing.TypeVar('\ud800'), lambda: typing.TypeVar('T', bound=1, covariant=True, contravariant=True), lambda: typing.ParamSpec(7), lambda: typing.TypeVarTuple(None),
        lambda: typing.get_type_hints(f), lambda: typing.Generic[1], lambda: typing.Literal[[]], lambda: typing.Union[()], lambda: typing.Callable[..., ...][int], lambda: list[1, 2].__parameters__, lambda: typing.TypeAliasType('x', 1, type_params=7), lambda: typing.NewType(1, 2)(3))
print('held')
