"""What the texts of the derivatives of solutions have in common.

Each is written for a function that stands for the call of a solver. The derivatives that a text
calls are asked for while it is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from retrograd.transforms.backend.read_again import read_text
from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.frontend.derivatives import Asked
from retrograd.transforms.frontend.read import Definition
from retrograd.transforms.frontend.solvers import Solve
from retrograd.transforms.ir.kinds import ANY, FLOAT, UNKNOWN, Array, Kind, Scalar, holds_complex
from retrograd.transforms.ir.nodes import Call, Callee, Expr, Known, Name, Tuple
from retrograd.transforms.ir.show import show
from retrograd.transforms.ir.walk import Fresh, rewrite, subexpressions
from retrograd.transforms.passes.derivatives_by_kind import without_precision
from retrograd.transforms.passes.solver_calls import result_of

#: What moves as a differential equation tells.
VECTOR: Final = Array("float", (ANY,))


@dataclass(frozen=True)
class Writer:
    """What the compiler offers to those who write the text of a derivative of `solve`.

    Args:
        solve: the call of a solver.
        kinds: those of the parameters of the function that stands for it.
        around: that function.
        function: the function that is solved for.
        derivative: asks for a derivative for arguments of certain kinds.
        result: the kind of what a function gives for arguments of certain kinds.
        add: takes a function into the program.
        name: makes the name of a function.
    """

    solve: Solve
    kinds: Mapping[str, Kind]
    around: Definition
    function: Definition
    derivative: Callable[[Asked, tuple[Kind, ...]], Callee]
    result: Callable[[str, tuple[Kind, ...]], Kind]
    add: Callable[[Definition], None]
    name: Callable[[str], str]

    @property
    def callee(self) -> Callee:
        """The function that is solved for."""
        return Callee(self.solve.of, self.function.function.name)

    def kinds_of_function(self) -> tuple[Kind, ...]:
        """Those of the parameters of the function that is solved for."""
        solve = self.solve
        x = VECTOR if solve.solver.condition == "motion" else FLOAT
        first = (FLOAT if name == "t" else x for name in solve.solver.first)
        return (*first, *(without_precision(self.kinds[name]) for name in solve.given))

    def fresh(self) -> Fresh:
        """Makes names beside those of the parameters."""
        return Fresh({*self.kinds, *self.solve.params, self.solve.name})

    def called(self, *first: str) -> str:
        """A call of the function that is solved for, given `first` by the solver."""
        named = {param.id for param in self.function.function.params if param.keyword_only}
        given = (f"{id}={id}" if id in named else id for id in self.solve.given)
        return f"{self.callee.spelling}({', '.join((*first, *given))})"

    def solved(self, of: str, *more: str, **exchanged: str) -> str:
        """What the solver finds for the function `of`, which is given `more` at the end.

        Names of parameters are `exchanged` for other texts. Derivatives that the solver is given
        are those of another function.
        """

        def written(part: Expr) -> Expr:
            return Name(exchanged.get(part.id, part.id)) if isinstance(part, Name) else part

        call = self.solve.call
        given = Tuple(tuple(map(Name, (*self.solve.given, *more))))
        args = (rewrite(arg, written) for arg in call.args[1:])
        others = {"args", *self.solve.solver.slopes}
        options = [
            (key, rewrite(value, written)) for key, value in call.kwargs if key not in others
        ]
        named = (*((("args", given),) if given.items else ()), *options)
        return show(result_of(self.solve.solver, Call(call.func, (Name(of), *args), named)))

    def read(self, name: str, text: str, *called: Callee) -> Definition:
        """The function `name` that was written as `text`, which calls functions of the program."""
        parts = [part for part in subexpressions(self.solve.call) if isinstance(part, Known)]
        known: dict[str, Known | Callee] = {part.spelling: part for part in parts}
        known |= {one.spelling: one for one in (self.callee, *called)}
        definition = read_text(name, text, known, self.around)
        self.add(definition)
        return definition

    def by_axes(self, name: str, along: Callable[[str], str], behind: str = "") -> str:
        """What the text `along` and `behind` gives for each entry of the array `name`, in its form."""
        axis = self.fresh()("axis")
        kind = self.kinds[name]
        if isinstance(kind, Array) and kind.rank == 1:
            return f"np.array([{along(axis)}{behind} for {axis} in np.eye(np.size({name}))])"
        shaped = along(f"np.reshape({axis}, np.shape({name}))")
        columns = f"np.array([{shaped}{behind} for {axis} in np.eye(np.size({name}))])"
        return f"np.reshape({columns}, np.shape({name}))"

    def check(self, names: tuple[str, ...]) -> None:
        """Refuse what is neither a number nor an array of real ones, of those `names` that count."""
        report = Diagnostics()
        for name in (name for name in names if name not in self.solve.options):
            kind = self.kinds[name]
            if holds_complex(kind) or not (isinstance(kind, Scalar | Array) or kind == UNKNOWN):
                label = (
                    f"`{name}` is neither a number nor an array of real ones: name its parts first"
                )
                report.refuse("RG311", self.solve.call.at, label)
        report.raise_if_any()
