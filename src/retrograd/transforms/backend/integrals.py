"""Derivatives of integrals, written as text: what Leibniz's rule says.

    def f_integral_bwd(a, b, c, out_bar):
        b_bar = out_bar[0] * f(b, c) if np.isfinite(b) else 0.0
        c_bar = out_bar[0] * integrate.quad(f_grad, a, b, args=(c,))[0]
        return b_bar, c_bar

The derivative of the integral is the integral of the derivative, by the same rule of quadrature to
the same tolerance. The estimate of the error stands still, and so does a limit at infinity.
"""

from functools import partial

from retrograd.transforms.backend.solving import Writer
from retrograd.transforms.frontend.derivatives import Asked, Way
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.ir.kinds import Scalar
from retrograd.transforms.ir.nodes import Callee
from retrograd.transforms.passes.derivatives_by_kind import without_precision


def backward(writer: Writer, root: str, wrt: tuple[str, ...]) -> Definition:
    """The backward half of the function that calls `quad`; it takes all the arguments again."""
    writer.check(wrt)
    solve = writer.solve
    fresh = writer.fresh()
    seed = fresh("out_bar")
    bars = {name: fresh(f"{name}_bar") for name in wrt}
    lines: list[str] = []
    called: list[Callee] = []
    for name in wrt:
        if name in solve.starts:
            lines.append(f"{bars[name]} = {_at_limit(writer, name, f'{seed}[0]')}")
        elif name not in solve.given:  # says how it is integrated
            zero = "0.0" if isinstance(writer.kinds[name], Scalar) else f"np.zeros_like({name})"
            lines.append(f"{bars[name]} = {zero}")
        elif isinstance(writer.kinds[name], Scalar):
            called.append(_integrand(writer, "grad", (name,)))
            lines.append(f"{bars[name]} = {seed}[0] * {writer.solved(called[-1].spelling)}[0]")
        else:
            called.append(_integrand(writer, "push", (name,)))
            along = partial(writer.solved, called[-1].spelling)
            lines.append(f"{bars[name]} = {seed}[0] * {writer.by_axes(name, along, '[0]')}")
    results = ", ".join(bars.values())
    doc = f"Gradient of `{solve.name}` with respect to {', '.join(wrt)}, times {seed}."
    text = f"def {root}_bwd({', '.join((*writer.kinds, seed))}):\n" f'    """{doc}"""\n'
    text += "".join(f"    {line}\n" for line in lines) + f"    return {results}\n"
    return writer.read(f"{root}_bwd", text, *called)


def tangent(writer: Writer, root: str, wrt: tuple[str, ...]) -> Definition:
    """The function that calls `quad`, with tangents of `wrt` carried forward."""
    writer.check(wrt)
    solve = writer.solve
    fresh = writer.fresh()
    dots = {name: fresh(f"{name}_dot") for name in wrt}
    both, dot = fresh("found"), fresh("out_dot")
    called = [Callee(solve.key, solve.name)]
    lines = [f"{both} = {solve.name}({', '.join(writer.kinds)})"]
    terms = [_at_limit(writer, name, dots[name]) for name in solve.starts if name in wrt]
    varied = tuple(name for name in solve.given if name in wrt)
    if varied:
        called.append(_integrand(writer, "push", varied))
        moved = writer.solved(called[-1].spelling, *(dots[name] for name in varied))
        terms.append(f"{moved}[0]")
    for k, term in enumerate(terms):
        lines.append(f"{dot} {'+' if k else ''}= {term}")
    lines.append(f"return {both}, ({dot if terms else '0.0'}, 0.0)")
    doc = f"`{solve.name}` and its derivative along {', '.join(dots.values())}."
    text = f"def {root}({', '.join((*writer.kinds, *dots.values()))}):\n" f'    """{doc}"""\n'
    text += "".join(f"    {line}\n" for line in lines)
    return writer.read(root, text, *called)


def _at_limit(writer: Writer, name: str, factor: str) -> str:
    """What the integral gains as the limit `name` moves, times `factor`."""
    sign = "-" if name == writer.solve.starts[0] else ""
    return f"{sign}{factor} * {writer.called(name)} if np.isfinite({name}) else 0.0"


def _integrand(writer: Writer, way: Way, varied: tuple[str, ...]) -> Callee:
    """The derivative of what is integrated, by its parameters `varied`."""
    along = tuple(without_precision(writer.kinds[name]) for name in varied)
    kinds = (*writer.kinds_of_function(), *(along if way == "push" else ()))
    return writer.derivative(Asked(writer.solve.of, way, varied), kinds)
