"""Spell a choice among displayed lists as choices between two.

    np.select([p, q], [a, b], c)      ->      np.where(p, a, np.where(q, b, c))

What is not chosen then has the cotangent zero, whatever its own derivative is.
"""

from dataclasses import replace

from retrograd.transforms.ir.nodes import Call, Const, Expr, Known, List, Tuple


def spell_choice(call: Call) -> Expr:
    """`call`, or what it chooses by ``np.where`` if it is ``np.select`` of lists that can be read."""
    match call:
        case Call(
            func=Known(path="numpy.select") as func,
            args=(List(items=tests) | Tuple(items=tests), List(items=values) | Tuple(items=values)),
            kwargs=() | (("default", _),),
        ) if (
            len(tests) == len(values) > 0
        ):
            default = call.kwargs[0][1] if call.kwargs else Const("0")
            return _nested(func, tests, values, default)
        case Call(func=Known(path="numpy.select"), args=(_, _, default), kwargs=()):
            told = spell_choice(replace(call, args=call.args[:2], kwargs=(("default", default),)))
            return call if isinstance(told, Call) and told.func == call.func else told
        case _:
            return call


def _nested(func: Known, tests: tuple[Expr, ...], values: tuple[Expr, ...], default: Expr) -> Expr:
    result = default
    where = Known("numpy.where", "np.where", func.at)
    for test, value in zip(reversed(tests), reversed(values), strict=True):
        result = Call(where, (test, value, result))
    return result
