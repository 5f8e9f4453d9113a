"""The order of the passes: from a request for a derivative to the text of a module.

Read `Compiler.core` (the user's function in the core language, and its facts), then
`Compiler.reverse` (what the reverse sweep is made of), then `Compiler.joint` and `Compiler.split`
(the two forms it takes) and `Compiler.tangent` (forward mode), then `compile_module`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NamedTuple, NoReturn, TypeAlias

from retrograd.transforms.analyses.activity import Activity, activity, everything_active
from retrograd.transforms.analyses.aliasing import (
    TWICE,
    check_writes,
    handed_back,
    is_scalar,
    sharing,
    written_arguments,
)
from retrograd.transforms.analyses.containers import check_containers
from retrograd.transforms.analyses.coverage import (
    check_coverage,
    check_one_number,
    check_real_in_place,
)
from retrograd.transforms.analyses.disturbance import check_undisturbed, disturbed
from retrograd.transforms.analyses.entries import used_by_part
from retrograd.transforms.analyses.jumps import first_jump
from retrograd.transforms.analyses.kinds_and_ranks import (
    CalleeKind,
    Kinds,
    cotangent_kind,
    join,
    kinds_and_ranks,
)
from retrograd.transforms.analyses.liveness import liveness
from retrograd.transforms.analyses.partials import CalleePlan, Partials, partials
from retrograd.transforms.analyses.to_be_recorded import Recorded, to_be_recorded
from retrograd.transforms.backend import integrals, motions
from retrograd.transforms.backend.around import (
    GENERATED,
    classes_of,
    constants_of,
    imports_of,
    imports_of_helpers,
    names_around,
    names_in,
    plain_forward,
    with_primals,
)
from retrograd.transforms.backend.emit import Module, emit, runtime_functions
from retrograd.transforms.backend.implicit import Equation, backward, residual
from retrograd.transforms.backend.implicit import tangent as tangent_of_solution
from retrograd.transforms.backend.jacobians import (
    columns,
    jacobian_kind,
    obstacle,
    rows,
    several,
    turned,
)
from retrograd.transforms.backend.read_again import read_again
from retrograd.transforms.backend.solving import Writer
from retrograd.transforms.diagnostics.report import Diagnostics, UnsupportedError
from retrograd.transforms.frontend.build import returns
from retrograd.transforms.frontend.derivatives import AT_A_POINT, WRITTEN, Asked, Way, asked_for
from retrograd.transforms.frontend.names import OuterValue
from retrograd.transforms.frontend.one_module import Home, OneModule
from retrograd.transforms.frontend.read import Definition, Program
from retrograd.transforms.frontend.request import Request, param_kinds, wrt_names
from retrograd.transforms.frontend.solvers import Solve
from retrograd.transforms.ir.algebra import ONE, conjugated
from retrograd.transforms.ir.kinds import (
    INTERPOLANT,
    NEVER,
    NONE,
    UNKNOWN,
    Array,
    Kind,
    Other,
    Scalar,
)
from retrograd.transforms.ir.kinds import Sequence as SequenceKind
from retrograd.transforms.ir.memo import by_identity
from retrograd.transforms.ir.nodes import (
    STACK,
    Assert,
    Assign,
    Attribute,
    AugAssign,
    Call,
    Callee,
    Checkpoint,
    Expr,
    Function,
    Index,
    Known,
    Name,
    Outer,
    Param,
    Raise,
    Stmt,
)
from retrograd.transforms.ir.walk import (
    Fresh,
    functions_inside,
    locals_of,
    own_expressions,
    statements,
    subexpressions,
)
from retrograd.transforms.ir.ways import goes_on, reachable
from retrograd.transforms.passes.adjoint import (
    Halves,
    Wanted,
    intact,
    joint,
    split,
    through_halves,
    without_tuple,
)
from retrograd.transforms.passes.asked_checkpoints import checkpointed, checkpoints_asked
from retrograd.transforms.passes.by_kind import (
    augmented_by_kind,
    cleared_by_kind,
    copies_by_kind,
)
from retrograd.transforms.passes.checkpointing import Segments
from retrograd.transforms.passes.copy_parameters import copy_parameters
from retrograd.transforms.passes.decided import decided
from retrograd.transforms.passes.derivatives_by_kind import (
    Written,
    derivatives_by_kind,
    solution_kind,
    varied_by_kind,
    with_all,
    without_precision,
)
from retrograd.transforms.passes.desugar import desugar, rebind
from retrograd.transforms.passes.drop_unread import drop_unread
from retrograd.transforms.passes.evaluate_once import evaluate_once
from retrograd.transforms.passes.exits import exits, with_exits_last
from retrograd.transforms.passes.function_values import Callees
from retrograd.transforms.passes.inline import inline
from retrograd.transforms.passes.loops import name_dicts
from retrograd.transforms.passes.made_objects import put_in_place
from retrograd.transforms.passes.name_operands import name_operands
from retrograd.transforms.passes.namespaces import namespaces
from retrograd.transforms.passes.recall_branches import recall_branches
from retrograd.transforms.passes.records import ConstantOf, pending, records
from retrograd.transforms.passes.resolve_views import resolve_views
from retrograd.transforms.passes.share import share
from retrograd.transforms.passes.simplify import simplify
from retrograd.transforms.passes.spell_and_or import spell_and_or
from retrograd.transforms.passes.spell_puts import spell_puts
from retrograd.transforms.passes.spell_writes import spell_writes
from retrograd.transforms.passes.sweeps import Sweeps
from retrograd.transforms.passes.tangent import tangent, without_value
from retrograd.transforms.passes.unfold_choices import unfold_choices
from retrograd.transforms.rules.opaque import is_opaque


@dataclass(frozen=True, slots=True)
class Core:
    """A function in the core language, with the kinds of its variables.

    `writes` are the parameters whose arguments the user's function changes in place, `hands_back`
    the places of those whose memory its result may share.
    """

    definition: Definition
    function: Function
    kinds: Kinds
    fresh: Fresh
    params: Mapping[str, Kind]
    writes: tuple[str, ...]
    hands_back: tuple[int, ...]
    outers: Mapping[str, Kind]

    def own(self) -> "Core":
        """This core for one derivative of it, whose names are no matter of the others."""
        return replace(self, fresh=Fresh(set(self.fresh.taken)))


#: A function for arguments of certain kinds.
Variant: TypeAlias = tuple[str, tuple[Kind, ...]]

#: Arguments of how many kinds a function may pass on to itself: a number, an array, a list, ...
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a function before its derivative was written, for those who watch."""

    core: Core
    wrt: tuple[str, ...]
    active: Activity
    parts: Mapping[Stmt, Partials]
    recorded: Recorded
    segments: Mapping[Stmt, Segments] = field(default_factory=dict)


class _WritesArgument(Exception):
    """A call was found of a function that writes into an argument."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Compiler:
    """Compiles one function of a program, and those that it calls."""

    def __init__(
        self,
        program: OneModule,
        *,
        safe: bool = False,
        checkpoint: Checkpoint = "",
        watch: "Watch | None" = None,
    ) -> None:
        self.program = program
        self.safe = safe
        self.checkpoint = checkpoint
        self.watch = watch or (lambda stage, result: None)
        self.cores: dict[Variant, Core] = {}
        self.halves: dict[tuple[str, tuple[Kind, ...], tuple[str, ...]], CalleePlan] = {}
        #: Those of functions that the reverse sweep calls again.
        self.halves_again: dict[tuple[str, tuple[Kind, ...], tuple[str, ...]], CalleePlan] = {}
        #: What could not be put into the core language, with the reason.
        self.refused: dict[Variant, UnsupportedError] = {}
        self.tangents: dict[tuple[str, tuple[Kind, ...], tuple[str, ...]], Callee] = {}
        self.functions: list[Function] = []
        #: The functions that write into an argument: their text takes the place of a call.
        self.writing: set[str] = set()
        #: Functions whose text went into others.
        self.absorbed: dict[str, Definition] = {}
        self.names = Fresh(set())
        #: What the results of functions under construction are taken to be, and who asked.
        self.assumed: dict[Variant, Kind] = {}
        self.asked: set[Variant] = set()
        self.checked: set[tuple[str, tuple[Kind, ...], tuple[str, ...]]] = set()
        #: The arguments that a function may change by calls we cannot read, by place.
        self.changing: dict[Variant, frozenset[int]] = {}
        #: The derivatives that functions call, and those that are being written.
        self.written: dict[Variant, Written] = {}
        self.writing_now: set[Variant] = set()
        #: What may jump in functions that are integrated, by what moves and what varies.
        self.jumps: dict[
            tuple[str, tuple[Kind, ...], tuple[str, ...], tuple[str, ...]], Expr | None
        ] = {}

    # ---- one function

    def check(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> None:
        """Refuse what no rule covers in the function `key` and in those that it calls."""
        report = Diagnostics()
        self._check(self.core(key, kinds), wrt, report)
        report.raise_if_any()

    def core(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        """The function `key` in the core language, for arguments of `kinds`."""
        if (key, kinds) in self.refused:
            raise self.refused[key, kinds]
        if (key, kinds) not in self.cores:
            try:
                solve = self.program.solves.get(key)
                made = self._settled(key, kinds) if solve is None else self._solving(solve, kinds)
                self.cores[key, kinds] = made
            except UnsupportedError as refusal:
                self.refused[key, kinds] = refusal
                raise
        return self.cores[key, kinds]

    def _settled(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        """The core of a function that may call itself: its result is assumed until it comes out."""
        place = (key, kinds)
        self._check_depth(key)
        self.assumed[place] = NEVER
        try:
            while True:
                known, refused = set(self.cores), set(self.refused)
                core = self._core(key, kinds)
                result = join(self.assumed[place], core.kinds.result)
                if place not in self.asked or result == self.assumed[place]:
                    break
                self.assumed[place] = result
                for other in self.cores.keys() - known:  # they rest on what was assumed
                    del self.cores[other]
                for other in self.refused.keys() - refused:
                    del self.refused[other]
            if place in self.asked and core.writes:
                self._refuse(key, f"`{core.writes[0]}` is written", code="RG405")
        finally:
            del self.assumed[place]
            self.asked.discard(place)
        if result == NEVER and not self.assumed:
            self._refuse(key, "every way through it calls a function that calls it again")
        return core

    def _check_depth(self, key: str) -> None:
        if sum(other == key for other, _ in self.assumed) == _DEEPEST:
            self._refuse(key, "each call of itself is with arguments of another kind")

    def _refuse(self, key: str, label: str, code: str = "RG306") -> NoReturn:
        report = Diagnostics()
        report.refuse(code, self.program.definition(key).function.origin.span, label)
        report.raise_if_any()
        raise AssertionError("refused")

    def _core(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        self.watch("read", self.program.definition(key).function)
        while True:
            try:
                return self._plain(key, kinds)
            except _WritesArgument as found:
                if found.key in self.writing:  # though its text was to be put in place
                    self._refuse(found.key, "it writes into an argument", code="RG310")
                self.writing.add(found.key)

    def _plain(self, key: str, kinds: tuple[Kind, ...]) -> Core:
        """The function `key` in the core language, where callees leave their arguments alone."""
        definition = self.program.definition(key)
        report = Diagnostics()
        function = definition.function
        fresh = Fresh(names_in(function))
        function = replace(function, body=reachable(function.body))
        params = dict(zip((param.id for param in function.params), kinds, strict=True))
        absorbed: dict[str, Definition] = {}
        held: dict[str, OuterValue] = {}

        def constant(cls: str, name: str) -> Outer | None:
            found = self.program.constant(cls, name)
            if found is None:
                return None
            outer, value = found
            held[outer.id] = value
            outers[outer.id] = value.kind
            return outer

        believed: set[str] = set()

        def leaves_alone(callee: Callee) -> bool:
            if self._is_inlined(callee):
                return False
            believed.add(callee.key)
            return True

        callees = Callees(
            lambda callee: self._text_of(callee, fresh, absorbed),
            self._is_inlined,
            leaves_alone,
            lambda callee: self.program.is_recursive(callee.key),
            lambda inner: with_exits_last(inner, fresh),
            self._params,
            lambda inner: self._lifted(inner, key, (definition, *absorbed.values())),
            lambda inner, solve: self.program.solve(
                inner, solve, key, (definition, *absorbed.values())
            ),
        )
        while True:
            function = checkpoints_asked(function, report)
            function = inline(function, fresh, callees, params, report)
            _check_names(function, absorbed, report)
            report.raise_if_any()
            seen = (definition, *absorbed.values())
            outers = {id: value.kind for one in seen for id, value in one.outers.items()}
            objects = outers | params
            interpolants = frozenset(id for id, kind in objects.items() if kind == INTERPOLANT)
            function = namespaces(put_in_place(function, interpolants))
            function = spell_writes(exits(function, fresh), fresh)
            likely = self._kinds_in(params, outers, self._likely_kind)
            function = decided(function, likely(function))
            surface = likely(function)
            check_real_in_place(function, surface, report)
            check_containers(function, objects, report)
            function = name_dicts(function, surface, report)
            function = self._with_records(function, likely, constant, report)
            definition = replace(definition, outers={**definition.outers, **held})
            _check_hidden(function, held, report)
            if not self._calls_inlined(function):  # methods show as late as this
                break
            if believed & self.writing:  # what rests on their writing nothing is wrong
                return self._plain(key, kinds)
        _check_functions(function, report)
        self.absorbed |= absorbed
        function = spell_puts(function, likely(function), fresh)
        if any(map(_augments_a_slot, statements(function.body))):
            function = augmented_by_kind(function, likely(function))
        function = spell_and_or(function, fresh)
        function = checkpointed(function, self.checkpoint)
        function = desugar(function, fresh, self._params, self._acts, report)
        report.raise_if_any()
        inferred = self._kinds_in(params, outers, self._callee_kind)
        function = derivatives_by_kind(function, inferred(function), self._called_derivative)
        function = copies_by_kind(function, inferred(function))
        function = resolve_views(function, inferred(function), fresh)
        facts = inferred(function)
        _look_at_calls(function, facts)
        shares = sharing(function, facts, self._handed_back)
        found = Diagnostics()
        check_writes(function, facts, shares, liveness(function, of_text=False), found)
        if found:
            self._put_in_place_what_hands_back(function, facts)
        report.add(found)
        writes = written_arguments(function, facts, shares, rebinding=True)
        copied = written_arguments(function, facts, shares)
        gives = handed_back(function, facts, shares)
        function = copy_parameters(function, facts, writes, copied)
        function = rebind(function, lambda stmt: is_scalar(stmt, facts))
        function = cleared_by_kind(function, facts)
        function = recall_branches(function, shares.families(), facts, fresh)
        self.watch("desugar", function)
        kinds_now = inferred(function)
        report.raise_if_any()
        return Core(definition, function, kinds_now, fresh, params, writes, gives, outers)

    def _put_in_place_what_hands_back(self, function: Function, facts: Kinds) -> None:
        """Have the text of a callee put in place whose result may be, or hold twice, what it was given.

        Where such a result is written to, the text shows what of it is where.

        Raises:
            _WritesArgument: there is one.
        """
        for stmt in statements(function.body):
            if not isinstance(stmt, Assign) or stmt not in facts.before:
                continue
            match stmt.value:
                case Call(func=Callee(key=key), args=args) as call if key not in self.writing:
                    kinds = tuple(facts.of(arg, facts.before[stmt]) for arg in args)
                    if not self.program.is_recursive(key) and tuple(self._handed_back(call, kinds)):
                        raise _WritesArgument(key)
                case _:
                    pass

    def _with_records(
        self,
        function: Function,
        kinds: Callable[[Function], Kinds],
        constant: ConstantOf,
        report: Diagnostics,
    ) -> Function:
        """`function` with records treated as such, as often as that shows further ones."""
        while True:
            told = records(
                function, kinds(function), self.program.shape, self.program.callee, constant, report
            )
            if pending(told) == pending(function):
                return told
            function = told

    @staticmethod
    def _kinds_in(
        params: Mapping[str, Kind], outers: Mapping[str, Kind], callee: CalleeKind
    ) -> Callable[[Function], Kinds]:
        """What infers the kinds in what passes make of a function, once where they change nothing."""
        return by_identity(partial(kinds_and_ranks, params=params, outers=outers, callee=callee))

    def _with(self, core: Core, function: Function) -> Core:
        """`core` with `function`, and the kinds in it."""
        if function is core.function:
            return core
        kinds = kinds_and_ranks(function, core.params, core.outers, self._callee_kind)
        return replace(core, function=function, kinds=kinds)

    def reverse(
        self, core: Core, wrt: tuple[str, ...], seed: Expr, stack: Name | None = None
    ) -> tuple[Core, Sweeps]:
        """What the reverse sweep of a function is made of, for the cotangent `seed` of its result.

        With a `stack`, what its callees keep goes there.
        """
        report = Diagnostics()
        active = activity(core.function, frozenset(wrt), core.kinds)
        self.watch("activity", active)
        if isinstance(core.kinds.result, Other):
            place = core.definition.function.origin.span
            if core.kinds.result == NONE:
                report.refuse("RG217", place, "it returns nothing")
            else:
                report.refuse("RG308", place, f"a result of kind {core.kinds.result.what}")
        report.raise_if_any()
        active = self._activity(core, wrt)
        core = self._with(core, evaluate_once(core.function, active, core.kinds, core.fresh))
        active = self._activity(core, wrt)
        core = self._with(core, unfold_choices(core.function, active, core.kinds, core.fresh))
        active = activity(core.function, frozenset(wrt), core.kinds)
        core = self._with(core, name_operands(core.function, active, core.kinds, core.fresh))
        function, kinds = core.function, core.kinds
        active = self._activity(core, wrt)
        entries = used_by_part(function, kinds)

        def planned(call: Call, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> CalleePlan:
            plan = self._split(call, kinds, active)
            return plan if stack is None else replace(plan, tape=stack)

        parts = partials(function, active, kinds, planned, core.fresh, seed, report, entries)
        self.watch("partials", parts)
        check_undisturbed(function, parts, kinds, self._changes, report)
        report.raise_if_any()
        recorded = to_be_recorded(
            function,
            parts,
            active.useful,
            kinds,
            liveness(function),
            sharing(function, kinds, self._handed_back).families(),
            core.fresh,
            report,
            everything=self.safe,
        )
        self.watch("to_be_recorded", recorded)
        report.raise_if_any()
        segments: dict[Stmt, Segments] = {}
        self.watch("facts", Facts(core, wrt, active, parts, recorded, segments))
        value = Name(core.fresh("value"), "made")
        return core, Sweeps(
            parts,
            recorded,
            active.useful,
            kinds,
            core.fresh,
            entries,
            True,
            value,
            segments=segments,
        )

    def joint(self, key: str, request: Request, *, seeded: bool = False) -> Function:
        """The gradient of `key` in one function; if `seeded`, for a cotangent that it takes."""
        definition = self.program.definition(key)
        params = definition.function.params
        wrt = wrt_names(params, request.wrt)
        kinds = param_kinds(params, request.kinds, wrt, definition.record)
        core = self.core(key, tuple(kinds.values()))
        with_value = request.mode == "value_and_grad"
        ending = "vjp" if seeded else "value_and_grad" if with_value else "grad"
        name = self.names(f"{core.function.name}_{ending}")
        seed = Name(core.fresh("out_bar"), "made") if seeded else None
        if seed is None:
            check_one_number(core.function, core.kinds)
        wanted = Wanted(name, wrt, kinds, with_value, seed)
        if self.program.is_recursive(key):
            plan = self._plan(key, tuple(kinds.values()), wrt)
            function = through_halves(definition.function, plan, core.kinds.result, wanted)
        else:
            given = ONE if seed is None else conjugated(seed, core.kinds.result)
            core, sweeps = self.reverse(core, wrt, given)
            function = joint(core.function, sweeps, wanted)
        self.watch("adjoint", function)
        return self._tidied(function, core)

    def split(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> tuple[Halves, str]:
        """The two halves of `key` for arguments of `kinds`, and the name they go by."""
        core = self.core(key, kinds).own()
        root = self._free_root(core.function.name)
        ids = tuple(core.params)
        stack = None
        plan = CalleePlan(
            Callee(GENERATED + f"{root}_fwd", f"{root}_fwd", acts=self._acts(key)),
            Callee(GENERATED + f"{root}_bwd", f"{root}_bwd"),
            ids,
            tuple(ids.index(name) for name in intact(core.function)),
            tuple(map(ids.index, wrt)),
            True,
            Name(root, "saved"),
        )
        if self.program.is_recursive(key):
            self.halves[key, kinds, wrt] = plan  # for its own calls of itself
            stack = STACK
        seed = Name(core.fresh("out_bar"), "made")
        core, sweeps = self.reverse(core, wrt, conjugated(seed, core.kinds.result), stack)
        wanted = Wanted(root, wrt, dict(core.params))
        halves = split(core.function, sweeps, wanted, seed, core.fresh, stack)
        if halves.forward is not None:
            forward = self._tidied(halves.forward, core)
            self.functions.append(forward)
            halves = replace(halves, forward=forward)
        else:
            self.watch("simplify", core.definition.function)  # it runs as it is
        backward = self._tidied(halves.backward, core)
        self.functions.append(backward)
        needs = tuple(map(ids.index, halves.needs))
        self.halves[key, kinds, wrt] = replace(plan, needs=needs, keeps=halves.keeps)
        return replace(halves, backward=backward), root

    def _free_root(self, name: str) -> str:
        """What the halves of a function called `name` go by."""
        root, count = name, 1
        while f"{root}_bwd" in self.names.taken or f"{root}_fwd" in self.names.taken:
            count += 1
            root = f"{name}{count}"
        self.names.taken |= {f"{root}_fwd", f"{root}_bwd"}
        return root

    def tangent(
        self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...], *, with_value: bool = True
    ) -> Function:
        """`key` for arguments of `kinds`, with tangents of `wrt` carried forward."""
        core = self.core(key, kinds).own()
        name = self.names(f"{core.function.name}_{'jvp' if with_value else 'pushforward'}")
        if with_value:  # what others call
            self.tangents[key, kinds, wrt] = Callee(GENERATED + name, name, acts=self._acts(key))
        report = Diagnostics()
        active = self._activity(core, wrt)
        self.watch("activity", active)
        core = self._with(core, evaluate_once(core.function, active, core.kinds, core.fresh))
        active = self._activity(core, wrt)
        function = tangent(
            core.function, active, core.kinds, name, wrt, self._push, core.fresh, report
        )
        report.raise_if_any()
        if not with_value:
            function = without_value(function)
        self.watch("facts", Facts(core, wrt, active, {}, Recorded()))
        self.watch("tangent", function)
        return self._tidied(function, core)

    def _activity(self, core: Core, wrt: tuple[str, ...]) -> Activity:
        """The activity that sweeps and tangents are made for."""
        if self.safe:
            return everything_active(core.function, core.kinds)
        return activity(core.function, frozenset(wrt), core.kinds)

    def _check(self, core: Core, wrt: tuple[str, ...], report: Diagnostics) -> None:
        """Report what no rule covers in a function and those that it calls."""
        key = core.definition.key, tuple(core.params.values()), wrt
        if key not in self.checked:
            self.checked.add(key)
            check = partial(self._check_callee, report)
            check_coverage(core.function, frozenset(wrt), core.kinds, check, report)

    def _tidied(self, function: Function, core: Core) -> Function:
        """`function`, made from `core`, as short as it gets."""
        families = sharing(core.function, core.kinds, self._handed_back).families()
        function = drop_unread(function, liveness(function, families))
        function = simplify(function, core.kinds.anywhere)
        function = drop_unread(function, liveness(function, families))
        function = share(function, families, core.fresh, core.kinds.anywhere)
        self.watch("simplify", function)
        return function

    # ---- callees

    def _text_of(self, callee: Callee, fresh: Fresh, absorbed: dict[str, Definition]) -> Function:
        """A user function whose text may go into another one, where `fresh` makes names."""
        definition = absorbed[callee.key] = self.program.definition(callee.key)
        fresh.taken |= names_in(definition.function) - locals_of(definition.function)
        function = checkpoints_asked(definition.function, Diagnostics())
        return with_exits_last(function, Fresh(names_in(function)))

    def _is_inlined(self, callee: Callee) -> bool:
        """Whether a user function is called for what it changes."""
        return callee.key in self.writing or _gives_nothing(self.program.definition(callee.key))

    def _calls_inlined(self, function: Function) -> bool:
        """Whether `function` calls one whose text must take the place of the call."""
        return any(
            isinstance(part, Callee) and self._is_inlined(part)
            for stmt in statements(function.body)
            for expr in own_expressions(stmt)
            for part in subexpressions(expr)
        )

    def _params(self, callee: Callee) -> tuple[Param, ...]:
        return self.program.definition(callee.key).function.params

    def _acts(self, key: str, *, raising: bool = True) -> bool:
        """Whether the function `key`, or a function that it calls, does more than give a value.

        If it is `raising` that counts, also whether it refuses.
        """
        seen = {key}
        todo = [key]
        while todo:
            one = todo.pop()
            body = self.program.definition(one).function.body
            inside = (inner.body for inner in functions_inside(body))
            for stmt in (stmt for block in (body, *inside) for stmt in statements(block)):
                if isinstance(stmt, Raise | Assert):
                    if raising:
                        return True
                    continue
                for expr in own_expressions(stmt):
                    for part in subexpressions(expr):
                        if is_opaque(part) and one not in self.program.solves:
                            return True
                        if isinstance(part, Callee) and part.key not in seen:
                            seen.add(part.key)
                            todo.append(part.key)
        return False

    def _check_callee(
        self,
        report: Diagnostics,
        call: Call,
        kinds: tuple[Kind, ...],
        traced: tuple[bool, ...],
    ) -> None:
        assert isinstance(call.func, Callee)
        params = self._params(call.func)
        wrt = tuple(p.id for p, flag in zip(params, traced, strict=True) if flag)
        if call.func.key in self.program.solves:
            return  # what it calls is checked when its derivative is written
        self._check(self.core(call.func.key, kinds), wrt, report)

    def _changes(self, call: Call, kinds: tuple[Kind, ...]) -> frozenset[int]:
        assert isinstance(call.func, Callee)
        variant = call.func.key, kinds
        if variant not in self.changing:
            self.changing[variant] = frozenset(range(len(kinds)))  # so far, should it call itself
            core = self.core(*variant)
            changing = disturbed(core.function, core.kinds, self._changes)
            ids = [param.id for param in core.function.params]
            self.changing[variant] = frozenset(
                k for k, id in enumerate(ids) if Name(id) in changing
            )
        return self.changing[variant]

    def _callee_kind(self, call: Call, kinds: tuple[Kind, ...]) -> Kind:
        if not isinstance(call.func, Callee):
            return UNKNOWN
        asked = asked_for(call.func.key)
        if asked is not None:
            return self._derivative_kind(asked, kinds)
        place = (call.func.key, kinds)
        if place in self.assumed:
            self.asked.add(place)
            return self.assumed[place]
        core = self.core(*place)
        if core.writes:
            raise _WritesArgument(call.func.key)
        return core.kinds.result

    def _likely_kind(self, call: Call, kinds: tuple[Kind, ...]) -> Kind:
        """The kind of a call in the surface language; unknown where the core language must say.

        What a method gives that is not found yet is none, so that it hides nothing that is known.
        """
        if not isinstance(call.func, Callee):
            return NEVER
        if call.kwargs or len(kinds) != len(self._params(call.func)):
            return UNKNOWN
        try:
            return self._callee_kind(call, kinds)
        except _WritesArgument as found:
            self.writing.add(found.key)  # its text is put in place next
            return self.core(found.key, kinds).kinds.result
        except UnsupportedError:
            return UNKNOWN

    # ---- derivatives that functions call

    def _lifted(self, function: Function, key: str, around: Sequence[Definition]) -> Callee:
        """A function inside the function `key`, without free names, as one of the program's."""
        return self.program.lifted(function, key, around)

    def _derivative_kind(self, asked: Asked, kinds: tuple[Kind, ...]) -> Kind:
        """What the derivative `asked` gives for arguments of `kinds`."""
        if asked.way == "hessian":
            blocks = self._derivative_kind(_by_gradient(asked, "columns"), kinds)
            return blocks if len(asked.wrt) == 1 else turned(blocks)
        own, wrt = self._of_primal(asked, kinds)
        gradients = tuple(cotangent_kind(own[name]) for name in wrt)
        if asked.way in ("columns", "rows"):
            value = self._kind_of_primal(asked.of, tuple(own.values()))
            gradients = tuple(jacobian_kind(value, kind) for kind in gradients)
        gradient = (
            gradients[0] if len(gradients) == 1 else SequenceKind("tuple", gradients, UNKNOWN)
        )
        if asked.way in ("grad", "hvp", "columns", "rows"):
            return gradient
        if asked.way == "vjp":
            return SequenceKind("tuple", gradients, UNKNOWN)
        value = self._kind_of_primal(asked.of, tuple(own.values()))
        if asked.way == "push":
            return cotangent_kind(value)
        other = gradient if asked.way == "value_and_grad" else cotangent_kind(value)
        return SequenceKind("tuple", (value, other), UNKNOWN)

    def _kind_of_primal(self, key: str, kinds: tuple[Kind, ...]) -> Kind:
        inner = asked_for(key)
        if inner is not None:
            return self._derivative_kind(inner, kinds)
        return self.assumed.get((key, kinds)) or self.core(key, kinds).kinds.result

    def _of_primal(
        self, asked: Asked, kinds: tuple[Kind, ...]
    ) -> tuple[dict[str, Kind], tuple[str, ...]]:
        """The kinds of the arguments of the function that is differentiated, and by which.

        What is asked for by its place at a point stays an integer if it is one.
        """
        definition = self.program.definition(asked.of)
        params = definition.function.params
        wrt = wrt_names(params, asked.wrt)
        given = dict(zip((param.id for param in params), kinds, strict=False))
        at_a_point = asked.way in AT_A_POINT.values()
        floats = varied_by_kind(given, wrt) if at_a_point else wrt
        own = param_kinds(params, tuple(given.items()), floats, definition.record)
        return {name: without_precision(kind) for name, kind in own.items()}, wrt

    def _derivative(self, asked: Asked, kinds: tuple[Kind, ...]) -> Written:
        """The derivative `asked` for arguments of `kinds`, written as a function of the program.

        Raises:
            UnsupportedError: it calls itself, or its function is not one that can be differentiated.
        """
        place = asked.key, kinds
        if place not in self.written:
            if place in self.writing_now:
                self._refuse(asked.of, "its derivative is among what it calls")
            self.writing_now.add(place)
            try:
                self.written[place] = self._write(asked, kinds)
            finally:
                self.writing_now.discard(place)
        return self.written[place]

    def _called_derivative(self, asked: Asked, kinds: tuple[Kind, ...]) -> Written:
        """The derivative `asked`, which the user's text calls.

        A pullback runs its function again, with all that this prints or draws.
        """
        if asked.way == "vjp" and self._acts(asked.of):
            label = "its pullback would draw, print or raise again at each call"
            self._refuse(asked.of, label, code="RG310")
        return self._derivative(asked, kinds)

    def _write(self, asked: Asked, kinds: tuple[Kind, ...]) -> Written:
        if asked.way == "hvp":
            return self._write(_by_gradient(asked, "push"), kinds)
        if asked.way == "hessian":
            return self._jacobian(_by_gradient(asked, "columns"), kinds, in_blocks=True)
        if asked.way in ("columns", "rows"):
            return self._jacobian(asked, kinds)
        inner = asked_for(asked.of)
        if asked.way == "push" and inner is not None and inner.way == "grad":
            try:
                return self._write_as_asked(asked, kinds)
            except UnsupportedError as refusal:
                return self._gradient_of_push(asked, inner, kinds, refusal)
        return self._write_as_asked(asked, kinds)

    def _gradient_of_push(
        self, asked: Asked, inner: Asked, kinds: tuple[Kind, ...], refusal: UnsupportedError
    ) -> Written:
        """Forward mode over a gradient, which is refused, as the gradient of forward mode."""
        by = wrt_names(self.program.definition(inner.of).function.params, inner.wrt)
        push = replace(asked, of=inner.of)
        try:
            if self._derivative(push, kinds).still:
                raise refusal
            return self._derivative(Asked(push.key, "grad", by), kinds)
        except UnsupportedError:
            raise refusal from None

    def _write_as_asked(self, asked: Asked, kinds: tuple[Kind, ...]) -> Written:
        own, names = self._of_primal(asked, kinds)
        wrt = names if asked.way.endswith("grad") else varied_by_kind(own, names)
        key, inner = asked.of, asked_for(asked.of)
        if inner is not None:
            key = self._derivative(inner, tuple(own.values())).callee.key
        maker = Compiler(self.program, safe=self.safe, checkpoint=self.checkpoint)
        maker.names, maker.written, maker.writing_now = self.names, self.written, self.writing_now
        maker.check(key, tuple(own.values()), wrt)
        request = Request(wrt, "grad", tuple(own.items()), self.safe)
        match asked.way:
            case "grad" | "value_and_grad":
                function = maker.joint(key, replace(request, mode=asked.way))
            case "vjp":
                function = with_all(maker.joint(key, request, seeded=True), own, names, wrt)
            case "jvp" | "push" | "hvp":
                _check_no_stars(self.program.definition(key).function)
                function = maker.tangent(
                    key, tuple(own.values()), wrt, with_value=asked.way == "jvp"
                )
        around = [self.program.definition(key), *maker.absorbed.values()]
        around += [core.definition for core in maker.cores.values()]
        for definition in read_again([*maker.functions, function], around, GENERATED, self._params):
            self.program.add(definition)
        key = WRITTEN + function.name
        still = tuple(k for k, name in enumerate(names) if name not in wrt)
        return Written(
            Callee(key, function.name, acts=self._acts(key)),
            tuple(own.values()),
            () if asked.way.endswith("grad") or asked.way == "vjp" else still,
        )

    def _jacobian(
        self, asked: Asked, kinds: tuple[Kind, ...], *, in_blocks: bool = False
    ) -> Written:
        """A Jacobian: of a number the gradient, else a function that calls other derivatives.

        With `in_blocks`, one by several parameters begins with the parts of the value.
        """
        own, names = self._of_primal(asked, kinds)
        taken = tuple(own.values())
        around = self.program.definition(asked.of)
        value = self._kind_of_primal(asked.of, taken)
        report = Diagnostics()
        for name in names:
            if label := obstacle(value, cotangent_kind(own[name])):
                label = f"the Jacobian by `{name}`: {label}"
                report.refuse("RG310", around.function.origin.span, label)
        report.raise_if_any()
        if isinstance(value, Scalar) and value.dtype != "complex":
            return self._derivative(replace(asked, way="grad"), taken)
        name = self.names(f"{around.function.name}_jacobian")
        params = tuple(own)
        if len(names) > 1:
            singles = [self._derivative(replace(asked, wrt=(one,)), taken) for one in names]
            callees = tuple(one.callee for one in singles)
            made = several(name, params, callees, around, in_blocks=in_blocks)
        elif asked.way == "rows" and isinstance(value, Array):
            pull = self._derivative(replace(asked, way="vjp"), (*taken, value)).callee
            of = self.program.callee(asked.of)
            if (inner := asked_for(asked.of)) is not None:
                of = self._derivative(inner, taken).callee
            argument = own[names[0]]
            made = rows(name, params, names[0], of, pull, argument, around)
        else:
            argument = own[names[0]]
            push = self._derivative(replace(asked, way="push"), (*taken, argument)).callee
            made = columns(name, params, names[0], push, (value, argument), around)
        self.program.add(made)
        return Written(Callee(made.key, name, acts=self._acts(made.key)), taken, ())

    # ---- solvers that functions call

    def _solving(self, solve: Solve, kinds: tuple[Kind, ...]) -> Core:
        """A function that calls a solver, of which nobody looks at the text."""
        definition = self.program.definition(solve.key)
        function = definition.function
        given = dict(zip((param.id for param in function.params), kinds, strict=True))
        result = solution_kind(solve, given)
        if result == UNKNOWN:
            report = Diagnostics()
            label = (
                "what moves and the times must be arrays of real numbers with one axis"
                if solve.solver.condition == "motion"
                else "whether the unknown is a number or an array of one axis is not known"
            )
            report.refuse("RG311", solve.call.at, label)
            report.raise_if_any()
        facts = Kinds({}, {}, result, {}, self._callee_kind)
        return Core(definition, function, facts, Fresh(set(given)), given, (), (), {})

    def _equation(
        self, solve: Solve, kinds: tuple[Kind, ...], wrt: tuple[str, ...], way: Way
    ) -> Equation:
        """The equation that a solution fulfils, linearized, for what varies of `wrt`."""
        core = self.core(solve.key, kinds)
        definition = self.program.definition(solve.of)
        condition = solve.solver.condition
        unknown = without_precision(core.kinds.result)
        given = tuple(without_precision(core.params[name]) for name in solve.given)
        single = isinstance(unknown, Scalar)
        is_bare = False  # a number, or a list, where arrays are solved for
        if condition == "root" and not single:
            result = self._kind_of_primal(solve.of, (unknown, *given))
            is_bare = not (isinstance(result, Array) and result.rank == 1)
        key = solve.of
        if is_bare or condition in ("fixed_point", "least_squares"):
            of = self.program.callee(solve.of)
            ending = "cost" if condition == "least_squares" else "residual"
            made = residual(solve, self.names(f"{of.spelling}_{ending}"), definition, of)
            self.program.add(made)
            key = made.key
        if condition in ("minimum", "least_squares"):
            key = Asked(key, "grad", (solve.unknown,)).key
        slope = Asked(key, "grad" if single else "push", (solve.unknown,))
        tangents = (unknown,)
        slopes = self._derivative(slope, (unknown, *given, *(() if single else tangents)))
        varied = tuple(name for name in solve.given if name in wrt)
        if not varied:
            return Equation(slopes.callee)
        asked = Asked(key, way, varied)
        beside = (unknown,) if way == "vjp" else tuple(core.params[name] for name in varied)
        other = self._derivative(asked, (unknown, *given, *beside)).callee
        back = other if way == "vjp" else None
        return Equation(slopes.callee, back, other if way == "push" else None)

    def _writer(self, solve: Solve, kinds: tuple[Kind, ...]) -> Writer:
        """Who writes derivatives of a function that calls a solver."""
        core = self.core(solve.key, kinds)
        return Writer(
            solve,
            core.params,
            core.definition,
            self.program.definition(solve.of),
            lambda asked, kinds: self._derivative(asked, kinds).callee,
            self._kind_of_primal,
            self.program.add,
            self.names,
        )

    def _check_no_jump(self, writer: Writer, wrt: tuple[str, ...]) -> None:
        """What is integrated must not jump at a place that depends on `wrt`."""
        solve = writer.solve
        varied = tuple(name for name in solve.given if name in wrt)
        moves = solve.solver.condition == "motion"  # and then x depends on all that varies
        across = (*varied, solve.unknown) if moves else varied
        jump = self._jump(solve.of, writer.kinds_of_function(), solve.first, across)
        report = Diagnostics()
        if jump is not None:
            at = getattr(jump, "at", None) or solve.call.at
            report.refuse("RG312", at, "what varies decides where")
        report.raise_if_any()

    def _jump(
        self, key: str, kinds: tuple[Kind, ...], moving: tuple[str, ...], varied: tuple[str, ...]
    ) -> Expr | None:
        """What may jump in the function `key`, and in those that it calls."""
        place = key, kinds, moving, varied
        if key in self.program.solves or place in self.jumps:
            return self.jumps.get(place)
        self.jumps[place] = None  # so far, should it call itself
        core = self.core(key, kinds)

        def inside(
            call: Call, kinds: tuple[Kind, ...], moving: tuple[bool, ...], varied: tuple[bool, ...]
        ) -> Expr | None:
            key, along = self._asked_of(call, moving)
            return self._jump(key, kinds, along, self._asked_of(call, varied)[1])

        self.jumps[place] = first_jump(
            core.function, core.kinds, frozenset(moving), frozenset(varied), inside
        )
        return self.jumps[place]

    def _halves_of_solving(
        self, solve: Solve, kinds: tuple[Kind, ...], wrt: tuple[str, ...]
    ) -> CalleePlan:
        core = self.core(solve.key, kinds)
        root = self._free_root(solve.name)
        ids = tuple(core.params)
        write = _WRITTEN.get(solve.solver.condition)
        if write is not None:
            writer = self._writer(solve, kinds)
            self._check_no_jump(writer, wrt)
            second = write.backward(writer, root, wrt)
            forward, needs, keeps = Callee(solve.key, solve.name), ids, False
        else:
            equation = self._equation(solve, kinds, wrt, "vjp")
            first, second, needs = backward(
                solve, root, wrt, dict(core.params), core.kinds.result, equation, core.definition
            )
            self.program.add(first)
            self.program.add(second)
            forward, keeps = Callee(first.key, first.function.name), True
        return CalleePlan(
            forward,
            Callee(second.key, second.function.name),
            ids,
            tuple(map(ids.index, needs)),
            tuple(map(ids.index, wrt)),
            keeps,
            Name(root, "saved"),
        )

    def _tangent_of_solving(
        self, solve: Solve, kinds: tuple[Kind, ...], wrt: tuple[str, ...]
    ) -> Callee:
        core = self.core(solve.key, kinds)
        name = self.names(f"{solve.name}_jvp")
        write = _WRITTEN.get(solve.solver.condition)
        if write is not None:
            writer = self._writer(solve, kinds)
            self._check_no_jump(writer, wrt)
            made = write.tangent(writer, name, wrt)
        else:
            equation = self._equation(solve, kinds, wrt, "push")
            made = tangent_of_solution(
                solve, name, wrt, dict(core.params), core.kinds.result, equation, core.definition
            )
            self.program.add(made)
        return Callee(made.key, name)

    def _handed_back(self, call: Call, kinds: tuple[Kind, ...]) -> Iterable[int]:
        assert isinstance(call.func, Callee)
        core = self.cores.get((call.func.key, kinds))
        return (*range(len(call.args)), TWICE) if core is None else core.hands_back

    def _split(self, call: Call, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> CalleePlan:
        key, wrt = self._asked_of(call, active)
        assert isinstance(call.func, Callee)
        decorated = key not in self.program.solves and self.program.definition(key).again
        if call.func.again or decorated:
            return self._plan_again(key, kinds, wrt)
        return self._plan(key, kinds, wrt)

    def _plan(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> CalleePlan:
        place = (key, self._widest(key, kinds), wrt)
        if place not in self.halves:
            solve = self.program.solves.get(key)
            if solve is None:
                self.split(*place)
            else:
                self.halves[place] = self._halves_of_solving(solve, kinds, wrt)
        return self.halves[place]

    def _plan_again(self, key: str, kinds: tuple[Kind, ...], wrt: tuple[str, ...]) -> CalleePlan:
        """Halves that keep nothing: the forward one is the function itself, the other calls it again."""
        place = (key, kinds, wrt)
        if place not in self.halves_again:
            if self._acts(key, raising=False):
                self._refuse(key, "it would draw or print again", code="RG410")
            ids = tuple(self.core(key, kinds).params)
            request = Request(wrt, "grad", tuple(zip(ids, kinds, strict=True)), self.safe)
            function = without_tuple(self.joint(key, request, seeded=True))
            self.functions.append(function)
            self.halves_again[place] = CalleePlan(
                Callee(key, function.name),
                Callee(GENERATED + function.name, function.name),
                ids,
                tuple(range(len(ids))),
                tuple(map(ids.index, wrt)),
                False,
                Name(function.name, "saved"),
            )
        return self.halves_again[place]

    def _widest(self, key: str, kinds: tuple[Kind, ...]) -> tuple[Kind, ...]:
        """The kinds for which a function that calls itself serves `kinds` and its own calls alike."""
        self.core(key, kinds)
        if self.program.is_recursive(key):
            for other, wider in self.cores:
                if other == key and all(map(_covers, wider, kinds)):
                    kinds = wider
        return kinds

    def _push(self, call: Call, kinds: tuple[Kind, ...], active: tuple[bool, ...]) -> Callee:
        key, wrt = self._asked_of(call, active)
        kinds = self._widest(key, kinds)
        solve = self.program.solves.get(key)
        if (key, kinds, wrt) not in self.tangents and solve is not None:
            self.tangents[key, kinds, wrt] = self._tangent_of_solving(solve, kinds, wrt)
        if (key, kinds, wrt) not in self.tangents:
            self.functions.append(self.tangent(key, kinds, wrt))
        return self.tangents[key, kinds, wrt]

    def _asked_of(self, call: Call, active: tuple[bool, ...]) -> tuple[str, tuple[str, ...]]:
        """The callee, and the parameters to which active arguments go."""
        assert isinstance(call.func, Callee)
        params = self._params(call.func)
        return call.func.key, tuple(p.id for p, flag in zip(params, active, strict=True) if flag)


def _by_gradient(asked: Asked, way: Way) -> Asked:
    """A derivative of second order that is `asked` for, as one of the gradient."""
    return replace(asked, of=Asked(asked.of, "grad", asked.wrt).key, way=way)


#: What writes the derivatives of what is no solution of an equation.
_WRITTEN: Final = {"integral": integrals, "motion": motions}


def _augments_a_slot(stmt: Stmt) -> bool:
    return isinstance(stmt, AugAssign) and isinstance(stmt.target, Index | Attribute)


def _gives_nothing(definition: Definition) -> bool:
    """Whether a function ends without a `return`."""
    body = definition.function.body
    return goes_on(body) and not returns(body)


def _check_result(definition: Definition) -> None:
    """What is differentiated must give something back."""
    report = Diagnostics()
    if _gives_nothing(definition):
        at = definition.function.origin.span
        report.refuse("RG217", at, "its end can be reached without a `return`")
    report.raise_if_any()


def _check_no_stars(function: Function) -> None:
    """Forward mode takes a tangent behind the arguments, so their number must be known."""
    report = Diagnostics()
    for param in function.params:
        if param.star:
            report.refuse("RG211", param.at, "forward mode cannot take any number of arguments")
    report.raise_if_any()


def _check_functions(function: Function, report: Diagnostics) -> None:
    """What is called must be a function that is known by now, or a record of a class that has one."""
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Call(func=Name(id=id, role="", at=at)):
                        label = f"`{id}` is a variable, and which function it is is not known"
                        report.refuse("RG219", at or part.at, label)
                    case Call(func=Index(at=at) | Outer(at=at)):
                        label = "which function this is shows only when the program runs"
                        report.refuse("RG219", at or part.at, label)
                    case _:
                        pass


def _check_names(
    function: Function, absorbed: Mapping[str, Definition], report: Diagnostics
) -> None:
    """What came with the text of other functions must not be hidden by a variable."""
    variables = locals_of(function)
    title = "a variable has the name of something that a function called here reads"
    for stmt in statements(function.body) if absorbed else ():
        for expr in own_expressions(stmt):
            for part in subexpressions(expr):
                match part:
                    case Outer(id=text) | Known(spelling=text) | Callee(spelling=text):
                        name = text.partition(".")[0]
                        if name in variables and part.at is not None:
                            report.refuse("RG216", part.at, f"`{name}`", title=title)
                    case _:
                        pass


def _check_hidden(function: Function, held: Collection[str], report: Diagnostics) -> None:
    """What classes hold has names of its own, which no variable may have."""
    for name in locals_of(function).intersection(held):
        title = "a variable has the name of something that is read here"
        report.refuse("RG216", function.origin.span, f"`{name}`", title=title)


def _covers(wider: Kind, kind: Kind) -> bool:
    """Whether arrays of `kind` are also of the kind `wider`; other kinds must be the same."""
    arrays = isinstance(wider, Array) and isinstance(kind, Array) and wider.dtype == kind.dtype
    return wider == kind or (arrays and join(wider, kind) == wider)


def _look_at_calls(function: Function, facts: Kinds) -> None:
    """Have every user function that `function` calls read, whether or not its result is read."""
    for stmt in statements(function.body):
        if stmt in facts.before:
            for expr in own_expressions(stmt):
                for part in subexpressions(expr):
                    if isinstance(part, Call) and isinstance(part.func, Callee):
                        facts.of(part, facts.before[stmt])


#: Is shown what each stage makes.
Watch = Callable[[str, object], None]


class Generated(NamedTuple):
    """The text of a module, the functions in it that were asked for, and whose values it borrows.

    `homes` tells of each name that stands for a live value of another module where that value is.
    """

    text: str
    names: tuple[str, ...]
    homes: Mapping[str, Home]


def compile_module(
    source: Program,
    requests: Sequence[tuple[str, Request]],
    *,
    header: Sequence[str] = (),
    docstring: str | None = None,
    helpers: Callable[[tuple[str, ...]], Mapping[str, str]] | None = None,
    watch: Watch | None = None,
    line_length: int = 88,
) -> Generated:
    """The module with what `requests` ask for of functions of `source`.

    `helpers` gives the source text of functions of the runtime, to be copied in.
    """
    program = OneModule(source)
    functions: list[Function] = []
    plain: list[Function] = []
    asked: list[str] = []
    definitions: dict[str, Definition] = {}
    names = Fresh(names_around(program, [key for key, _ in requests]))
    for key, request in requests:
        _check_result(program.definition(key))
        compiler = Compiler(program, safe=request.safe, checkpoint=request.checkpoint, watch=watch)
        compiler.names = names
        kinds, wrt = _split_request(program, key, request)
        compiler.check(key, kinds, wrt)
        if request.mode == "split":
            made, root = compiler.split(key, kinds, wrt)
            functions += compiler.functions
            if made.forward is None:
                plain.append(plain_forward(program.definition(key).function, root))
                functions.append(plain[-1])
            asked += [f"{root}_fwd", f"{root}_bwd"]
        else:
            if request.mode in ("jvp", "pushforward"):
                _check_no_stars(program.definition(key).function)
                function = compiler.tangent(key, kinds, wrt, with_value=request.mode == "jvp")
            else:
                function = compiler.joint(key, request)
            asked.append(function.name)
            functions += [*compiler.functions, function]
        definitions.update(compiler.absorbed)
        definitions.update(
            {core.definition.key: core.definition for core in compiler.cores.values()}
        )
    functions, used, methods = with_primals(functions, program, definitions, plain)
    copied = helpers(runtime_functions(functions)) if helpers is not None else None
    classes = classes_of(functions, program, methods)
    imports = imports_of(used, program) + classes.imports + imports_of_helpers(copied or {})
    module = Module(
        tuple(functions),
        header=tuple(header),
        docstring=docstring,
        imports=imports,
        constants=constants_of(used, program),
        classes=classes.copies,
        aliases=program.definition(program.entry).aliases,
    )
    emitted = emit(module, helpers=copied, line_length=line_length)
    own = {name: Home(path, "") for name, path in emitted.own.items()}
    return Generated(emitted.text, tuple(asked), {**program.homes, **own})


def _split_request(
    program: OneModule, key: str, request: Request
) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    definition = program.definition(key)
    params = definition.function.params
    wrt = wrt_names(params, request.wrt)
    return tuple(param_kinds(params, request.kinds, wrt, definition.record).values()), wrt
