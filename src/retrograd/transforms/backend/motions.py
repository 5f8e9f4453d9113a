"""Derivatives of solutions of differential equations, written as text: how a solution moves.

    def f_moving(t, both, c, c_dot):
        half = np.size(both) // 2
        rate, rate_dot = f_jvp(t, both[:half], c, both[half:], c_dot)
        return np.concatenate([rate, rate_dot])

Where x' = f(t, x, c), the derivative of x along c_dot moves as x_dot' = f_x x_dot + f_c c_dot. It is
solved for beside x, by the same solver to the same tolerance, for one direction in forward mode and
for each entry of what varies in reverse mode. That costs more than to go back in time once where
much varies; but what is stable forward in time may not be so backward, and the error of a derivative
is under the solver's control here, whatever the equation.
"""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.backend.implicit import residual
from retrograd.transforms.backend.solving import VECTOR, Writer
from retrograd.transforms.frontend.derivatives import Asked
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.frontend.solvers import motion_starts
from retrograd.transforms.ir.kinds import Array, Scalar
from retrograd.transforms.ir.nodes import Callee
from retrograd.transforms.passes.derivatives_by_kind import without_precision


def backward(writer: Writer, root: str, wrt: tuple[str, ...]) -> Definition:
    """The backward half of the function that calls the solver; it takes all the arguments again."""
    motion = _Motion(writer, wrt)
    fresh = writer.fresh()
    seed, x = fresh("out_bar"), fresh("x")
    bars = {name: fresh(f"{name}_bar") for name in dict.fromkeys((*wrt, motion.start))}
    lines = [f"{bars[name]} = {motion.by_entries(name, seed)}" for name in motion.varied]
    lines += [f"{bars[name]} = {motion.nothing(name)}" for name in motion.without_part]
    if motion.times in wrt:
        axis = ", axis=0" if writer.solve.solver.field else ", axis=1"
        lines.append(f"{x} = {writer.solve.name}({', '.join(writer.kinds)})")
        whole = f"np.sum({seed} * {motion.rates(x)}{axis if motion.looks else ''})"
        lines.append(f"{bars[motion.times]} = {whole}")
    if motion.begins_later:
        first = f"np.sum({bars[motion.start]} * {motion.first_rate()})"
        place = f"{bars[motion.since]} =" if motion.since in wrt else f"{bars[motion.times]}[0] +="
        lines.append(f"{place} -{first}")
    results = ", ".join(bars[name] for name in wrt)
    doc = f"Gradient of `{writer.solve.name}` with respect to {', '.join(wrt)}, times {seed}."
    text = f"def {root}_bwd({', '.join((*writer.kinds, seed))}):\n" f'    """{doc}"""\n'
    text += "".join(f"    {line}\n" for line in lines) + f"    return {results}\n"
    return writer.read(f"{root}_bwd", text, *motion.called)


def tangent(writer: Writer, root: str, wrt: tuple[str, ...]) -> Definition:
    """The function that calls the solver, with tangents of `wrt` carried forward."""
    motion = _Motion(writer, wrt)
    fresh = writer.fresh()
    dots = {name: fresh(f"{name}_dot") for name in wrt}
    x = fresh("x")
    begins = dict(dots)
    if motion.begins_later:
        since = dots.get(motion.since, f"{dots.get(motion.times)}[0]")
        moved = dots.get(motion.start, motion.nothing(motion.start))
        begins[motion.start] = f"{moved} - {since} * {motion.first_rate()}"
    along = motion.along(begins) if motion.varied else f"np.zeros_like({x})"
    if motion.times in wrt:
        columns = "" if writer.solve.solver.field or not motion.looks else "[:, None]"
        along += f" + {motion.rates(x)} * {dots[motion.times]}{columns}"
    doc = f"`{writer.solve.name}` and its derivative along {', '.join(dots.values())}."
    text = (
        f"def {root}({', '.join((*writer.kinds, *dots.values()))}):\n"
        f'    """{doc}"""\n'
        f"    {x} = {writer.solve.name}({', '.join(writer.kinds)})\n"
        f"    return {x}, {along}\n"
    )
    return writer.read(root, text, *motion.called)


class _Motion:
    """The derivative of a solution by `wrt`.

    It begins with `start` at the time `since`, and is known at `times`: those when it was looked at,
    if `looks`, else when it ends. `varied` are the start and what the function is given, `called`
    the functions that texts call.
    """

    def __init__(self, writer: Writer, wrt: tuple[str, ...]) -> None:
        writer.check(wrt)
        solve = writer.solve
        self.writer = writer
        self.start, *looked = motion_starts(solve)
        self.looks = bool(looked)
        self.since = solve.starts[0] if solve.solver.field else ""
        self.times = looked[0] if looked else solve.starts[1]
        self.begins_later = (self.since or self.times) in wrt
        starts = (self.start,) if self.start in wrt or self.begins_later else ()
        self.parameters = tuple(name for name in solve.given if name in wrt)
        self.varied = (*starts, *self.parameters)
        told = (*self.varied, self.start, self.since, self.times)
        self.without_part = tuple(name for name in wrt if name not in told)
        self.key = self._rate()
        self.called: tuple[Callee, ...] = (Callee(solve.key, solve.name), self.key)
        if self.varied:
            self.whole = self._along(self._moving())
            self.called += (self.whole,)

    def along(self, dots: Mapping[str, str]) -> str:
        """The derivative along `dots`; what has none there stands still."""
        along = (dots.get(name, self.nothing(name)) for name in self.varied)
        return f"{self.whole.spelling}({', '.join((*self.writer.kinds, *along))})"

    def nothing(self, name: str) -> str:
        """A zero like `name`."""
        return (
            "0.0" if isinstance(self.writer.kinds[name], Scalar) else f"np.zeros(np.shape({name}))"
        )

    def by_entries(self, name: str, seed: str) -> str:
        """The cotangent of `name`: what `seed` gets from a motion of each of its entries."""
        if isinstance(self.writer.kinds[name], Scalar):
            return f"np.sum({seed} * {self.along({name: '1.0'})})"
        return self.writer.by_axes(
            name, lambda axis: f"np.sum({seed} * {self.along({name: axis})})"
        )

    def first_rate(self) -> str:
        """How fast the motion begins."""
        return self._rate_at(self.since or f"{self.times}[0]", self.start)

    def rates(self, x: str) -> str:
        """How fast the solution `x` moves at `times`."""
        if not self.looks:
            return self._rate_at(self.times, x)
        names = self.writer.fresh()
        t, y = names("at"), names("y")
        rows, axis = (f"{x}.T", -1) if self.writer.solve.solver.field else (x, 0)
        each = f"{self._rate_at(t, y)} for {t}, {y} in zip({self.times}, {rows})"
        return f"np.stack([{each}], axis={axis})"

    def _rate_at(self, t: str, x: str) -> str:
        first = (t if name == "t" else x for name in self.writer.solve.solver.first)
        if self.key == self.writer.callee:
            return self.writer.called(*first)
        return f"{self.key.spelling}({', '.join((*first, *self.writer.solve.given))})"

    def _rate(self) -> Callee:
        """The function that is solved for, made to return an array if it does not."""
        writer = self.writer
        result = writer.result(writer.solve.of, writer.kinds_of_function())
        if isinstance(result, Array) and result.rank == 1:
            return writer.callee
        name = writer.name(f"{writer.callee.spelling}_rate")
        made = residual(writer.solve, name, writer.function, writer.callee)
        writer.add(made)
        return Callee(made.key, name)

    def _moving(self) -> Callee:
        """The function that tells how the solution and its derivative move together."""
        writer = self.writer
        solve = writer.solve
        along = tuple(without_precision(writer.kinds[name]) for name in self.parameters)
        asked = Asked(self.key.key, "jvp", (solve.unknown, *self.parameters))
        push = writer.derivative(asked, (*writer.kinds_of_function(), VECTOR, *along))
        fresh = writer.fresh()
        dots = tuple(fresh(f"{name}_dot") for name in self.parameters)
        both, half = fresh("both"), fresh("half")
        rate, rate_dot = fresh("rate"), fresh("rate_dot")
        first = tuple(both if name == solve.unknown else name for name in solve.first)
        taken = (f"{both}[:{half}]" if name == both else name for name in first)
        name = writer.name(f"{writer.callee.spelling}_moving")
        text = (
            f"def {name}({', '.join((*first, *solve.given, *dots))}):\n"
            f'    """How what `{writer.callee.spelling}` moves does, and its derivative."""\n'
            f"    {half} = np.size({both}) // 2\n"
            f"    {rate}, {rate_dot} = {push.spelling}("
            f"{', '.join((*taken, *solve.given, f'{both}[{half}:]', *dots))})\n"
            f"    return np.concatenate([{rate}, {rate_dot}])\n"
        )
        return _callee(writer.read(name, text, push))

    def _along(self, moving: Callee) -> Callee:
        """The function that solves for the derivative."""
        writer = self.writer
        fresh = writer.fresh()
        dots = {name: fresh(f"{name}_dot") for name in self.varied}
        both, begin = fresh("both"), fresh("begin")
        y0_dot = dots.get(self.start, f"np.zeros(np.shape({self.start}))")
        exchanged = {self.start: begin} | {
            name: f"np.tile(np.broadcast_to({name}, np.shape({self.start})), 2)"
            for name in writer.solve.options
            if name in _BY_ENTRY and not isinstance(writer.kinds[name], Scalar)
        }
        solved = writer.solved(
            moving.spelling, *(dots[one] for one in self.parameters), **exchanged
        )
        half = f"np.size({self.start}) :"
        rows = f":, {half}" if not writer.solve.solver.field else half
        name = writer.name(f"{writer.solve.name}_along")
        text = (
            f"def {name}({', '.join((*writer.kinds, *dots.values()))}):\n"
            f'    """The derivative of `{writer.solve.name}` along {", ".join(dots.values())}."""\n'
            f"    {begin} = np.concatenate([{self.start}, {y0_dot}])\n"
            f"    {both} = {solved}\n"
            f"    return {both}[{rows}]\n"
        )
        return _callee(writer.read(name, text, moving))


#: Options that may have one number for each entry of the solution.
_BY_ENTRY: Final = ("rtol", "atol")


def _callee(definition: Definition) -> Callee:
    return Callee(definition.key, definition.function.name)
