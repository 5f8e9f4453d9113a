"""The text of a module that fits one model: the model's gradient, and the loop around it.

def peak_value_and_grad(x, a, mu): ...            def peak_value_and_grad(x, a, mu): ...

                                                  N = 2
                                          ->
                                                  def linearize(k, x, y, w, p, system): ...

                                                  def fits(x, y, w, p0, ...): ...
"""

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any, Final

from retrograd.runtime.solvers import linked

#: The functions of the loop, callees first, and how Numba compiles them; sums may take any order.
_SUMS: Final = 'njit(error_model="numpy", fastmath={"reassoc", "nsz", "contract"})'
_PLAIN: Final = 'njit(error_model="numpy")'
_LOOP: Final[dict[Callable[..., Any], str]] = {
    linked.multiply: _SUMS,
    linked.orthogonalize: _SUMS,
    linked.reduction: _SUMS,
    linked.factorize: _PLAIN,
    linked.invert: _PLAIN,
    linked.fit: _PLAIN,
}

_CONSTANTS: Final = (
    *("EPS", "ROUNDINGS", "SAFE_PIVOT", "SMALLEST_DAMPING", "SMALLEST_GAIN", "MAX_REJECTED"),
    *("NOT_FINITE", "STALLED", "MAXITER", "STATIONARY", "RESIDUAL_ZERO"),
)

_LINEARIZE: Final = '''def linearize(k, x, y, w, p, system):
    """Fill `system` with the Jacobian, transposed, and below it the residual of fit k at p."""
    row = min(k, x.shape[1] - 1)
    weight = w[min(k, w.shape[0] - 1)]
    for i in range(y.shape[1]):
        value, bars = {entry}({x}, {p})
{rows}
        system[{n}, i] = weight[i] * (value - y[k, i])
'''


def linked_loop(
    model: str,
    entry: str,
    count: int,
    coordinates: int,
    *,
    cache: str,
    parallel: bool,
    run: str | None = None,
) -> tuple[str, str]:
    """The text that follows that of the `model`, and the name of its function `fits`.

    Args:
        model: a module whose function `entry` gives value and gradient at one data point.
        count: the parameters.
        coordinates: of a data point, in a tuple; 0 for a number.
        cache: Python text, whether Numba keeps what it compiles.
        parallel: whether the blocks of fits are made by several threads.
        run: the name of a function that takes data as users have them; None for no such function.
    """
    point = [f"x[{j}, row, i]" for j in range(coordinates or 1)]
    bars = ["bars"] if count == 1 else [f"bars[{j}]" for j in range(count)]
    rows = [f"        system[{j}, i] = weight[i] * {bar}" for j, bar in enumerate(bars)]
    linearize = _LINEARIZE.format(
        entry=entry,
        x=f"({', '.join(point)},)" if coordinates else point[0],
        p=", ".join(f"p[{j}]" for j in range(count)),
        n=count,
        rows="\n".join(rows),
    )
    constants = [f"{name} = {getattr(linked, name)!r}" for name in _CONSTANTS]
    last = f'njit(error_model="numpy", nogil=True, parallel={parallel}, cache={cache})'
    parts = [
        "\n".join([f"N = {count}", *constants]),
        f"@{_PLAIN}\n{linearize}".rstrip(),
        *(f"@{how}\n{_plain_text(function)}" for function, how in _LOOP.items()),
        f"@{last}\n{_plain_text(linked.fits)}",
    ]
    if run is not None:
        parts.append(_plain_text(linked.run).replace("def run(", f"def {run}("))
    return _apart_from(model, "\n\n\n".join(parts) + "\n", "fits")


def _plain_text(function: Callable[..., Any]) -> str:
    """The text of a function without annotations."""
    text = inspect.getsource(function).rstrip()
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    body = text.splitlines()[tree.body[0].lineno - 1 :]
    params = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    params.args = [ast.arg(one.arg) for one in tree.args.args]
    params.defaults = tree.args.defaults
    return "\n".join([f"def {function.__name__}({ast.unparse(params)}):", *body])


def _apart_from(model: str, loop: str, entry: str) -> tuple[str, str]:
    """`loop` with names of its own where `model` has functions or constants of the same, and `entry` there."""
    taken = _names(model)
    for name in _names(loop) & taken:
        free = name
        while free in taken:
            free += "_"
        loop = re.sub(rf"\b{name}\b", free, loop)
        entry = free if name == entry else entry
    return loop, entry


def _names(text: str) -> set[str]:
    """The names that a module gives values to."""
    found = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found |= {one.id for one in node.targets if isinstance(one, ast.Name)}
    return found
