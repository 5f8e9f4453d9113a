"""Copy the arguments that the function writes into, so that the caller's stay as they are.

    def f(a):                  def f(a):
        a[0] = 0.0      ->         a = a.copy()
        ...                        a[0] = 0.0

An argument that shares memory with one that is written would see the write in the user's function
and not in the copy: such a call is refused when it is made.
"""

from dataclasses import replace

from retrograd.transforms.analyses.kinds_and_ranks import Kinds
from retrograd.transforms.ir.algebra import helper
from retrograd.transforms.ir.kinds import Array, Other, Scalar
from retrograd.transforms.ir.nodes import (
    MADE,
    Assign,
    Call,
    Do,
    Function,
    Known,
    Name,
    Stmt,
)
from retrograd.transforms.passes.interface import compiler_pass


@compiler_pass
def copy_parameters(
    function: Function, kinds: Kinds, changed: tuple[str, ...], written: tuple[str, ...]
) -> Function:
    """`function` with the parameters `written` copied on entry.

    They are among those that the user's function changes in place, which the derivative may give
    new values instead.
    """
    env = kinds.before[function.body[0]] if function.body else {}
    others = [
        param.id for param in function.params if not isinstance(env.get(param.id), Scalar | Other)
    ]
    lines: list[Stmt] = []
    if changed and len(others) > 1:
        lines.append(Do(helper("require_apart", *map(Name, others))))
    for id in written:
        name = Name(id)
        if isinstance(env.get(id), Array):
            copied = Call(Known("numpy.copy", "np.copy"), (name,))
            lines.append(Assign(name, copied, replace(MADE, spelling=f"{id} = {id}.copy()")))
        else:
            lines.append(Assign(name, helper("copied", name)))
    return replace(function, body=(*lines, *function.body))
