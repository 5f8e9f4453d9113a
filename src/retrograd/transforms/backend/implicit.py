"""Derivatives of solutions, written as text: what the implicit function theorem says.

    def f_root_bwd(c, saved, out_bar):
        x = saved.pop()
        # f(x, c) = 0
        (c_bar,) = f_vjp(x, c, -out_bar / f_grad(x, c))
        return c_bar

At a solution F(x, c) = 0 holds for all c, so F_x x' + F_c = 0. The text calls derivatives of F and
the solver's function itself, and is read and differentiated again like any other.
"""

from dataclasses import dataclass

from retrograd.transforms.backend.read_again import read_text
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.frontend.solvers import Solve
from retrograd.transforms.ir.kinds import Kind, Scalar
from retrograd.transforms.ir.nodes import Callee, Known
from retrograd.transforms.ir.walk import Fresh


@dataclass(frozen=True, slots=True)
class Equation:
    """What holds at a solution: functions of the unknown and of what is given.

    `slope` is the derivative of its left side by the unknown where that is a number, else along a
    tangent of it. `back` gives the cotangents of what varies, `along` the derivative along tangents.
    """

    slope: Callee
    back: Callee | None = None
    along: Callee | None = None


def residual(solve: Solve, name: str, around: Definition, of: Callee) -> Definition:
    """What is zero, or is to be made least, at a solution, where that is not the function itself."""
    listed = ", ".join(solve.params)
    named = {param.id for param in around.function.params if param.keyword_only}
    passed = (f"{id}={id}" if id in named else id for id in solve.params)
    call = f"{of.spelling}({', '.join(passed)})"
    match solve.solver.condition:
        case "root" | "motion":
            text = f"return np.atleast_1d({call})"
        case "minimum" | "integral":
            text = f"return {call}"
        case "fixed_point":
            text = f"return {solve.unknown} - {call}"
        case "least_squares":
            text = f"return 0.5 * np.sum({call} ** 2)"
    head = f"def {name}({listed}):\n    {text}\n"
    return read_text(name, head, {of.spelling: of}, around)


def backward(
    solve: Solve,
    root: str,
    wrt: tuple[str, ...],
    kinds: dict[str, Kind],
    result: Kind,
    equation: Equation,
    around: Definition,
) -> tuple[Definition, Definition, tuple[str, ...]]:
    """Both halves of the function that calls a solver, and the parameters the second takes again."""
    names = _Names(solve, kinds)
    x, saved, seed = names.fresh("x"), names.fresh("saved"), names.fresh("out_bar")
    params = tuple(kinds)
    single = isinstance(result, Scalar)
    call = f"{solve.name}({', '.join(params)})"
    known: dict[str, Known | Callee] = {solve.name: Callee(solve.key, solve.name)}
    forward = (
        f"def {root}_fwd({', '.join((*params, saved))}):\n"
        f'    """{call}; appends to {saved} what {root}_bwd takes back."""\n'
        f"    {x} = {call}\n"
        f"    {saved}.append({x if single else f'np.copy({x})'})\n"
        f"    return {x}\n"
    )
    varied = [name for name in solve.given if name in wrt]
    needs = tuple(
        name
        for name in params
        if name in solve.given or (name in wrt and not isinstance(kinds[name], Scalar))
    )
    given = ", ".join((x, *solve.given))
    lines = [f"{x} = {saved}.pop()"] if varied else []
    if equation.back is not None:
        known |= {one.spelling: one for one in (equation.slope, equation.back)}
        lines += [f"# the equation holds for all {', '.join(varied)}"]
        solved = names.solved(x, equation, given, single, seed, transposed=True)
        bars = ", ".join(f"{name}_bar" for name in varied)
        bars = f"({bars},)" if len(varied) == 1 else bars
        lines += solved[:-1]
        lines.append(f"{bars} = {equation.back.spelling}({given}, -{solved[-1]})")
    results = [f"{name}_bar" if name in varied else _zero(name, kinds[name]) for name in wrt]
    listed = ", ".join(results)
    doc = f"Gradient of `{solve.name}` with respect to {', '.join(wrt)}, times {seed}."
    back = (
        f"def {root}_bwd({', '.join((*needs, saved, seed))}):\n"
        f'    """{doc}"""\n' + "".join(f"    {line}\n" for line in lines) + f"    return {listed}\n"
    )
    return (
        read_text(f"{root}_fwd", forward, known, around),
        read_text(f"{root}_bwd", back, known, around),
        needs,
    )


def tangent(
    solve: Solve,
    root: str,
    wrt: tuple[str, ...],
    kinds: dict[str, Kind],
    result: Kind,
    equation: Equation,
    around: Definition,
) -> Definition:
    """The function that calls a solver, with tangents of `wrt` carried forward."""
    names = _Names(solve, kinds)
    x = names.fresh("x")
    params = tuple(kinds)
    dots = tuple(names.fresh(f"{name}_dot") for name in wrt)
    single = isinstance(result, Scalar)
    known: dict[str, Known | Callee] = {solve.name: Callee(solve.key, solve.name)}
    known[equation.slope.spelling] = equation.slope
    given = ", ".join((x, *solve.given))
    lines = [f"{x} = {solve.name}({', '.join(params)})"]
    varied = [dot for name, dot in zip(wrt, dots, strict=True) if name in solve.given]
    if equation.along is not None and varied:
        known[equation.along.spelling] = equation.along
        along = f"{equation.along.spelling}({given}, {', '.join(varied)})"
        solved = names.solved(x, equation, given, single, along, transposed=False)
        lines += [*solved[:-1], f"return {x}, -{solved[-1]}"]
    else:
        lines.append(f"return {x}, {'0.0' if single else f'np.zeros_like({x})'}")
    doc = f"`{solve.name}` and its derivative along {', '.join(dots)}."
    text = f"def {root}({', '.join((*params, *dots))}):\n" f'    """{doc}"""\n'
    text += "".join(f"    {line}\n" for line in lines)
    return read_text(root, text, known, around)


class _Names:
    """The names in a text, beside those of the parameters."""

    def __init__(self, solve: Solve, kinds: dict[str, Kind]) -> None:
        bars = {f"{name}_bar" for name in kinds}
        self.fresh = Fresh({*kinds, *bars, solve.name})

    def solved(
        self, x: str, equation: Equation, given: str, single: bool, right: str, *, transposed: bool
    ) -> list[str]:
        """The statements that solve the linearized equation, and then its solution."""
        slope = equation.slope.spelling
        if single:
            return [f"{right} / {slope}({given})"]
        jacobian, axis = self.fresh("jacobian"), self.fresh("axis")
        columns = f"[{slope}({given}, {axis}) for {axis} in np.eye(np.size({x}))]"
        transpose = ".T" if transposed else ""
        return [
            f"{jacobian} = np.stack({columns}, axis=-1)",
            f"np.linalg.solve({jacobian}{transpose}, {right})",
        ]


def _zero(name: str, kind: Kind) -> str:
    return "0.0" if isinstance(kind, Scalar) else f"np.zeros_like({name})"
