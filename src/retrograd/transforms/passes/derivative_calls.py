"""Which function a derivative is that is made inside a function: ``rg.grad(g)``, ``rg.jvp(g, ...)``.

    def f(lam, w):                            def g(u, *, lam): ...
        def g(u):                             def f(lam, w):
            return lam * u * u        ->          return g_grad(w, lam=lam)
        return rg.grad(g)(w)

The derivative of a function of the user's is a function of the program by a key of its own. A
function inside the function becomes one of the program's first: what it reads around it are further
parameters, which it gets where its derivative is called.
"""

from collections.abc import Callable
from dataclasses import replace

from retrograd.transforms.diagnostics.report import Diagnostics
from retrograd.transforms.diagnostics.span import Span
from retrograd.transforms.frontend.derivatives import (
    AT_A_POINT,
    MAKERS,
    NESTED,
    WITHOUT_EFFECT,
    Asked,
    Way,
    asked_for,
    computed,
    plain_path,
    taken_beside,
)
from retrograd.transforms.frontend.request import wrt_names
from retrograd.transforms.ir.nodes import (
    Assign,
    Block,
    Call,
    Callee,
    Const,
    Define,
    Expr,
    Function,
    Known,
    List,
    Name,
    Param,
    Stmt,
    Tuple,
    Unary,
)
from retrograd.transforms.ir.walk import (
    functions_inside,
    locals_of,
    own_expressions,
    parameters_inside,
    statements,
    stored,
    subexpressions,
)
from retrograd.transforms.passes.function_values import (
    Callees,
    Closure,
    FunctionValue,
    Partial,
    Scope,
    Shape,
    Vectorized,
)
from retrograd.transforms.passes.renaming import renamed


class DerivativeCalls:
    """Finds the functions that derivatives are, where variables hold what `scope` tells.

    `items` gives the items of a tuple that is written out.
    """

    def __init__(
        self,
        callees: Callees,
        scope: Callable[[], Scope],
        items: Callable[[Expr], tuple[Expr, ...] | None],
        report: Diagnostics,
    ) -> None:
        self.callees = callees
        self.scope = scope
        self.items = items
        self.report = report
        #: The functions that are becoming the program's, outermost first.
        self.open: list[Function] = []

    def refuse(self, at: Span | None, label: str) -> None:
        """Report that a derivative cannot be taken at `at`."""
        self.report.refuse("RG310", at, label)

    # ---- which derivative

    def made(self, function: FunctionValue, call: Call) -> FunctionValue | None:
        """``rg.grad(function, ...)`` and its like, as a function; None if it is refused."""
        assert isinstance(call.func, Known)
        way = MAKERS[plain_path(call.func.path)]
        options = dict(call.kwargs)
        if "mode" in options:
            found = computed(way, _literal(mode := options.pop("mode")))
            if found is None:
                self.refuse(mode.at or call.at, "`mode=` is not understood here")
                return None
            way = found
        if len(call.args) == 2 and way in NESTED:
            options["argnums"] = call.args[1]
        elif len(call.args) != 1:
            self.refuse(call.at, "the function comes first, and options by name")
            return None
        places = _literal(options.pop("argnums", Const("0")))
        named = _literal(options.pop("argnames", Const("None")))
        options.pop("types", None)  # the call tells
        for option, value in options.items():
            if option not in WITHOUT_EFFECT or _literal(value) is not WITHOUT_EFFECT[option]:
                self.refuse(value.at or call.at, f"`{option}=` is not understood here")
                return None
        asked = named if named is not None else places
        wrt = asked if isinstance(asked, tuple) else (asked,)
        if way in NESTED and isinstance(asked, tuple) and len(wrt) == 1:
            self.refuse(call.at, "one argument is asked for by its number alone")
            return None
        if not wrt or not all(type(one) in (int, str) for one in wrt):
            self.refuse(call.at, "by which arguments is not known here")
            return None
        return self.of(function, way, wrt, call.at)

    def at_a_point(
        self, function: FunctionValue, way: Way, given: tuple[Expr, ...], call: Call
    ) -> FunctionValue | None:
        """The derivative of `function` by the arguments `given`, None if it is refused."""
        names = tuple(param.id for param in self.params(function))[: len(given)]
        if len(names) < len(given) or not given:
            self.report.refuse("RG305", call.at, f"takes {len(names)} arguments")
            return None
        return self.of(function, way, names, call.at)

    def of(
        self, function: FunctionValue, way: Way, wrt: tuple[int | str, ...], at: Span | None
    ) -> FunctionValue | None:
        """The derivative of `function` by its parameters `wrt`."""
        try:
            names = wrt_names(self.params(function), wrt)
        except ValueError as problem:
            self.refuse(at, str(problem))
            return None
        match function:
            case Callee(key=key, spelling=spelling):
                return Callee(Asked(key, way, names).key, f"{spelling}_{way}", at=at)
            case Closure():
                lifted = self.lifted(function, at)
                return None if lifted is None else self.of(lifted, way, names, at)
            case Partial(function=inner, args=args, kwargs=kwargs):
                derivative = self.of(inner, way, names, at)
                return None if derivative is None else Partial(derivative, args, kwargs)
            case Known():
                self.refuse(at, f"`{function.spelling}` is not a function of yours")
                return None
            case Vectorized():
                self.refuse(at, "it is made by `np.vectorize`")
                return None

    def params(self, function: FunctionValue) -> tuple[Param, ...]:
        """The parameters that a call of `function` gives."""
        match function:
            case Callee():
                return self.callees.params(function)
            case Closure(function=text):
                return text.params
            case Partial(function=inner, args=args, kwargs=kwargs):
                around = {key for key, value in kwargs if value == Name(key)}
                rest = self.params(inner)[len(args) :]
                return tuple(param for param in rest if param.id not in around)
            case Known() | Vectorized():
                return ()

    def pushed(self, function: FunctionValue, call: Call) -> Call | None:
        """``rg.jvp(function, args, tangents)`` as a call of the derivative's arguments."""
        parts = dict(zip(("f", "args", "tangents"), call.args, strict=False)) | dict(call.kwargs)
        given, along = (self._items_of(parts.get(name)) for name in ("args", "tangents"))
        if given is None or along is None or len(given) != len(along):
            self.refuse(call.at, "arguments and tangents must be tuples that are written out")
            return None
        return replace(call, args=(*given, *along), kwargs=())

    def _items_of(self, expr: Expr | None) -> tuple[Expr, ...] | None:
        return None if expr is None else self.items(expr)

    def named_last(self, callee: Callee, call: Call) -> Call:
        """`call` with the arguments that a derivative takes beside those of its function by name."""
        asked = asked_for(callee.key)
        if asked is None:
            return call
        params = self.callees.params(callee)
        extra = tuple(param.id for param in params if param.id in self._beside(callee, asked))
        if set(extra) <= dict(call.kwargs).keys():  # it was seen before
            return call
        last = call.args[max(0, len(call.args) - len(extra)) :]
        if asked.way == "hvp" and len(extra) > 1:
            vectors = self.items(call.args[-1]) if call.args else None
            if vectors is None or len(vectors) != len(extra):
                self.refuse(call.at, f"the vector must be a tuple of {len(extra)}, written out")
                return call
            call, last = replace(call, args=(*call.args[:-1], *vectors)), vectors
        if not extra or len(last) < len(extra):
            return call
        named = tuple(zip(extra, last, strict=True))
        return replace(
            call, args=call.args[: len(call.args) - len(extra)], kwargs=(*call.kwargs, *named)
        )

    def _beside(self, callee: Callee, asked: Asked) -> tuple[str, ...]:
        of = self.callees.params(replace(callee, key=asked.of))
        return taken_beside(asked, of)

    # ---- functions inside the function

    def lifted(self, closure: Closure, at: Span | None) -> FunctionValue | None:
        """`closure` as a function of the program, given the variables around it by name."""
        function = closure.function
        if any(one is function for one in self.open):
            self.report.refuse("RG209", at, f"`{function.name}` calls itself")
            return None
        self.open.append(function)
        free: dict[str, None] = {}
        lines = self._with_functions(function, free, at)
        self.open.pop()
        if lines is None:
            return None
        if changed := sorted(stored(lines) & free.keys()):
            self.refuse(at, f"`{function.name}` writes to `{changed[0]}`, which is around it")
            return None
        params, given = [], []
        for param in function.params:
            if isinstance(param.default, Name):
                given.append((param.id, param.default))
                param = replace(param, default=None)
            params.append(param)
        more = tuple(Param(id, keyword_only=True) for id in free)
        whole = replace(function, params=(*params, *more), body=lines)
        around = tuple((id, Name(id)) for id in free)
        return Partial(self.callees.lift(whole), (), (*given, *around))

    def _with_functions(
        self, function: Function, free: dict[str, None], at: Span | None
    ) -> Block | None:
        """The body of `function` behind the functions that it takes from around it.

        `free` collects the variables around it. None if a function around it is not known.
        """
        scope = self.scope()
        before: list[Stmt] = []
        exchanged: dict[str, Expr] = {}
        for id in free_variables(function):
            match scope.get(id):
                case None | Shape():
                    free[id] = None
                case Callee() | Known() as held:
                    exchanged[id] = held
                case Closure(function=inner):
                    if any(one is inner for one in self.open):
                        self.report.refuse("RG209", at, f"`{inner.name}` calls itself")
                        return None
                    self.open.append(inner)
                    body = self._with_functions(inner, free, at)
                    self.open.pop()
                    if body is None:
                        return None
                    before.append(Define(replace(inner, name=id, body=body)))
                case Partial() as held:
                    lines = self._partial(id, held, free, at)
                    if lines is None:
                        return None
                    before += lines
                case _:
                    self.refuse(at, f"which function `{id}` is in it is not known")
                    return None
        return (*before, *renamed(function.body, exchanged))

    def _partial(
        self, id: str, held: Partial, free: dict[str, None], at: Span | None
    ) -> list[Stmt] | None:
        """The statements that make `id` the partial function that is `held`."""
        inner: Expr
        lines: list[Stmt] = []
        match held.function:
            case Callee() | Known() as inner:
                pass
            case Closure(function=function):
                body = self._with_functions(function, free, at)
                if body is None:
                    return None
                inner = Name(f"{id}_function")
                lines.append(Define(replace(function, name=f"{id}_function", body=body)))
            case _:
                self.refuse(at, f"which function `{id}` is in it is not known")
                return None
        for value in (*held.args, *(value for _, value in held.kwargs)):
            free |= {part.id: None for part in subexpressions(value) if isinstance(part, Name)}
        made = Call(Known("functools.partial", "partial"), (inner, *held.args), held.kwargs)
        return [*lines, Assign(Name(id), made)]


def free_variables(function: Function) -> tuple[str, ...]:
    """The variables around `function` that it reads, in the order of its text."""
    own = locals_of(function)
    found: dict[str, None] = {}
    for stmt in statements(function.body):
        for expr in own_expressions(stmt):
            inside = parameters_inside(expr)
            for part in subexpressions(expr):
                if isinstance(part, Name) and part.id not in own | inside:
                    found[part.id] = None
    for inner in functions_inside(function.body):
        found |= {id: None for id in free_variables(inner) if id not in own}
    return tuple(found)


def makes_derivative(path: str) -> bool:
    """Whether the library's function `path` makes a derivative of the function that it is given."""
    return plain_path(path) in MAKERS


def at_a_point(path: str) -> Way | None:
    """The derivative that the library's function `path` takes at a point, None if it takes none."""
    return AT_A_POINT.get(plain_path(path))


def _literal(expr: Expr) -> object:
    """The value of a constant that is written out; the expression itself if it is none."""
    match expr:
        case Const():
            return expr.value
        case Unary(op="-", operand=Const(value=int() as number)):
            return -number
        case Tuple(items=items) | List(items=items):
            return tuple(map(_literal, items))
        case _:
            return expr
