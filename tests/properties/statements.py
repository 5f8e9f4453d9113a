"""Random statements: a `Writer` writes the body of one function, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Final

from tests.properties.expressions import Expressions
from tests.properties.grammar import (
    BLANK,
    DICT_CHANGES,
    LIST_CHANGES,
    NUMBER,
    SILENT,
    STORES,
    VIEWS,
    Shape,
)
from tests.properties.scope import Helper, Scope, root_of

#: How often each sort of statement is written. A program prefers a few of them, see `Writer.prefer`.
SIMPLE: Final[Mapping[str, int]] = {
    "assign": 6,
    "overwrite": 5,
    "augment": 3,
    "store": 8,
    "view": 3,
    "unpack": 2,
    "swap": 1,
    "annotated": 1,
    "alias": 1,
    "begin_array": 2,
    "begin_list": 2,
    "begin_dict": 1,
    "change_list": 3,
    "change_dict": 2,
    "comprehension": 2,
    "walrus": 1,
    "silent": 1,
    "change_by_helper": 2,
    "change_by_method": 2,
    "define": 1,
}
NESTED: Final[Mapping[str, int]] = {
    "branch": 4,
    "count_loop": 4,
    "each_loop": 2,
    "pair_loop": 1,
    "numbered_loop": 2,
    "while_loop": 2,
    "while_far": 1,
    "early_return": 2,
}

#: How much more often a program writes what it prefers.
PREFERENCE: Final = 6


class Writer(Expressions):
    """Writes the body of one function.

    Attributes:
        lines: what has been written.
        returns: writes the expression behind ``return``, "" where nothing may be returned yet.
    """

    def __init__(
        self, random: Random, scope: Scope, *, returns: Shape | None = None, deepest: int = 4
    ) -> None:
        super().__init__(random, scope)
        self.lines: list[str] = []
        self.returns = returns
        self.deepest = deepest
        self.indent = 1
        self.loops = 0
        self.made = 0
        self.weights: dict[str, float] = {**SIMPLE, **NESTED}

    def prefer(self, count: int) -> None:
        """Write `count` sorts of statements more often than the rest, so that they meet."""
        for name in self.random.sample(list(self.weights), count):
            self.weights[name] *= PREFERENCE

    # ---- lines and blocks

    def new(self, root: str) -> str:
        """A name that nothing has yet."""
        self.made += 1
        return f"{root}{self.made}"

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * self.indent + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write a compound statement; what is bound only inside is forgotten after it."""
        self.line(header)
        self.indent += 1
        before = self.scope
        self.scope = before.copy()
        yield
        self.indent -= 1
        self.scope = before.after(self.scope)

    def statements(self, count: int) -> None:
        """Write about `count` statements, at least one line."""
        before = len(self.lines)
        for _ in range(count):
            self.statement()
        if len(self.lines) == before:
            self.assign()

    def statement(self) -> None:
        """Write a statement of any sort; some need what is not there, and write nothing."""
        names = list(SIMPLE) if self.indent >= self.deepest else [*SIMPLE, *NESTED]
        chosen = self.random.choices(names, [self.weights[name] for name in names])[0]
        getattr(self, chosen)()

    def bind(self, name: str, shape: Shape) -> None:
        """`name` has a new value that nobody else has."""
        known = self.scope.places if name in self.scope.places else self.scope.shapes
        known[name] = shape
        if not self.loops:
            self.scope.shared.discard(name)

    # ---- variables

    def assign(self) -> None:
        """A new variable."""
        shape = self.shape()
        value = self.fresh(shape)
        name = self.new("s" if shape == NUMBER else "v")
        self.line(f"{name} = {value}")
        self.bind(name, shape)

    def annotated(self) -> None:
        """A new variable that says it is a float."""
        value = self.fresh(NUMBER)
        name = self.new("s")
        self.line(f"{name}: float = {value}")
        self.bind(name, NUMBER)

    def overwrite(self) -> None:
        """A new value for a variable, most often made from the old one."""
        if not self.scope.assignable():
            return self.assign()
        name = self.pick(self.scope.assignable())
        shape = self.scope.shape_of(name)
        if self.chance(0.6):
            function = self.pick(("np.sin", "np.tanh", "0.7 * ", "np.cos"))
            other = self.expr(self.spread(shape), 1)
            self.line(f"{name} = {function}({name} {self.pick('+-*')} {other})")
        else:
            self.line(f"{name} = {self.fresh(shape)}")
        return self.bind(name, shape)

    def augment(self) -> None:
        """``s += e`` and the like on a number."""
        names = [name for name in self.scope.assignable() if self.scope.shape_of(name) == NUMBER]
        if names:
            op = self.pick(("+=", "-=", "*=", "/="))
            value = self.expr(NUMBER, 2)
            self.line(f"{self.pick(names)} {op} {f'(1.5 + abs({value}))' if op == '/=' else value}")

    def unpack(self) -> None:
        """Two variables at once; what they get may share memory with something."""
        two = [helper for helper in self.scope.helpers if helper.gives_two]
        left, right = self.new("s"), self.new("v")
        if two and self.chance(0.7):
            helper = self.pick(two)
            shapes = helper.result
            assert shapes is not None
            value = self.call(helper, 1)
        elif self.chance(0.3) and self.scope.names((2,)):
            shapes, value = (NUMBER, NUMBER), self.pick(self.scope.names((2,)))
        elif self.chance(0.3):
            shapes = NUMBER, NUMBER
            value = ", ".join(self.expr(NUMBER, 1) for _ in range(3))
            return self._bind_two(f"{left}, *{self.new('rest')}, {right}", shapes, f"[{value}]")
        else:
            shapes = self.shape(), self.shape()
            value = f"{self.fresh(shapes[0])}, {self.fresh(shapes[1])}"
        return self._bind_two(f"{left}, {right}", shapes, value)

    def _bind_two(self, targets: str, shapes: Sequence[Shape], value: str) -> None:
        self.line(f"{targets} = {value}")
        names = [name for name in targets.split(", ") if not name.startswith("*")]
        for name, shape in zip(names, shapes, strict=True):
            self.bind(name, shape)
            self.scope.shared.add(name)

    def swap(self) -> None:
        """Two variables of one shape change places."""
        for shape in (NUMBER, (3,), (2, 3)):
            names = [name for name in self.scope.assignable() if self.scope.shape_of(name) == shape]
            names = [name for name in names if shape == NUMBER or root_of(name) == name]
            if len(names) > 1:
                a, b = self.random.sample(names, 2)
                extra = f" + {self.expr(NUMBER, 1)}" if self.chance(0.4) else ""
                self.line(f"{a}, {b} = {b}, {a}{extra}")
                self.scope.shared |= {a, b}
                return

    def alias(self) -> None:
        """A second name for a value, which nobody writes from then on."""
        if self.scope.shapes:
            source = self.pick(list(self.scope.shapes))
            shape = self.scope.shapes[source]
            name = self.new("s" if shape == NUMBER else "v")
            self.line(f"{name} = {source}")
            self.scope.shapes[name] = shape
            self.scope.shared |= {name, source}

    def walrus(self) -> None:
        """A value that gets a name on the way."""
        name, value = self.new("s"), self.expr(NUMBER, 1)
        with self.block(f"if ({name} := {value}) > {self.leaf(NUMBER)}:"):
            self.scope.shapes[name] = NUMBER
            self.statements(1)
        self.bind(name, NUMBER)

    # ---- memory

    def begin_array(self) -> None:
        """An array of our own."""
        shape = self.pick(list(STORES))
        name = self.new("v")
        blank = self.pick(BLANK).format(shape if len(shape) > 1 else shape[0])
        self.line(f"{name} = {blank}" if self.chance(0.7) else f"{name} = {self.fresh(shape)}")
        self.bind(name, shape)

    def store(self) -> None:
        """Something is written to an array."""
        names = self.scope.own(STORES)
        if names:
            name = self.pick(names)
            self.line(self._change(self.pick(STORES[self.scope.shape_of(name)]), name))

    def view(self) -> None:
        """A second name for a part of an array; both are used, then the second is forgotten."""
        names = self.scope.own(VIEWS)
        if not names:
            return
        name, part, number = self.pick(names), self.new("part"), self.new("s")
        lines = self.pick(VIEWS[self.scope.shape_of(name)])
        for text in lines:
            if "{a} =" in text and root_of(name) != name:
                return
            self.line(self._change(text, name, part, number))
        if any(text.startswith("{s}") for text in lines):
            self.bind(number, NUMBER)

    def change_by_helper(self) -> None:
        """A helper that changes its argument."""
        changing = [helper for helper in self.scope.helpers if helper.changes]
        if changing:
            helper = self.pick(changing)
            names = self.scope.own([helper.params[0][1]])
            if names:
                text = self.call(helper, 1, first=self.pick(names))
                if helper.result is None:
                    self.line(text)
                else:
                    self.line(f"{(name := self.new('s'))} = {text}")
                    self.bind(name, NUMBER)

    def change_by_method(self) -> None:
        """A method that changes its object, which has its arrays for itself."""
        free = {
            name: method
            for name, method in self.scope.changing.items()
            if not any(place.startswith(f"{name}.") for place in self.scope.shared)
        }
        if free:
            text = self.call(free[self.pick(list(free))], 1)
            if self.chance(0.5):
                self.line(text)
            else:
                self.line(f"{(name := self.new('s'))} = {text}")
                self.bind(name, NUMBER)

    def _change(self, text: str, name: str, part: str = "", number: str = "") -> str:
        index = self.index()
        text = text.replace("{a}", name).replace("{p}", part).replace("{s}", number)
        return self.filled(text.replace("{i}", index), 1)

    # ---- lists and dicts

    def begin_list(self) -> None:
        """A list of numbers."""
        name, count = self.new("items"), self.random.randint(0, 3)
        self.line(f"{name} = [{', '.join(self.expr(NUMBER, 1) for _ in range(count))}]")
        self.scope.lists[name] = count

    def change_list(self) -> None:
        """An item more, less or another."""
        if not self.scope.lists:
            return self.begin_list()
        name = self.pick(list(self.scope.lists))
        count = self.scope.lists[name]
        if self.chance(0.2) and (count < 2 or not self.loops):  # again and again, it would take all
            with self.block(f"if len({name}) > 1:"):
                self.line(f"{self.pick(self._numbers_to_set())} = {name}.pop()")
                self.scope.lists[name] = max(0, count - 1)
            return None
        options = LIST_CHANGES if count else LIST_CHANGES[:2]
        text, number = self.pick(options), self.new("s")
        self.line(self._list_change(text, name, number, count))
        if "{s} =" in text:
            self.bind(number, NUMBER)
        if "pop" not in text and any(
            word in text for word in ("append", "insert", "extend", "+= [")
        ):
            self.scope.lists[name] = count + 1
        return None

    def _list_change(self, text: str, name: str, number: str, count: int) -> str:
        text = text.replace("{a}", name).replace("{s}", number)
        return self.filled(text.replace("{i}", self.pick(("0", "-1", str(max(0, count - 1))))), 1)

    def _numbers_to_set(self) -> list[str]:
        names = [name for name in self.scope.names(NUMBER) if name not in self.scope.fixed]
        names = [name for name in names if root_of(name) == name]
        return names or [self.new("s")]

    def begin_dict(self) -> None:
        """A dict of numbers."""
        name, keys = self.new("table"), ("gain", "shift", "rate")[: self.random.randint(1, 3)]
        items = ", ".join(f'"{key}": {self.expr(NUMBER, 1)}' for key in keys)
        self.line(f"{name} = {{{items}}}")
        self.scope.dicts[name] = keys

    def change_dict(self) -> None:
        """An entry more or another."""
        if not self.scope.dicts:
            return self.begin_dict()
        name = self.pick(list(self.scope.dicts))
        text = self.pick(DICT_CHANGES).replace("{{", "{").replace("}}", "}")
        text = text.replace("{a}", name).replace("{k}", self.pick(self.scope.dicts[name]))
        self.line(self.filled(text, 1))
        return None

    def comprehension(self) -> None:
        """A list made in one line."""
        name, item = self.new("items"), self.pick(("q", "item", "k"))
        source, count = self._numbers_to_walk()
        inner = Expressions(self.random, self.scope.copy())
        inner.scope.shapes[item] = NUMBER
        element = inner.expr(NUMBER, 2)
        if self.chance(0.3):
            self.line(f"{name} = [{element} for {item} in {source} if {inner.condition()}]")
            count = 0
        else:
            self.line(f"{name} = [{element} for {item} in {source}]")
        self.scope.lists[name] = count

    def _numbers_to_walk(self) -> tuple[str, int]:
        """Something with numbers in it, and how many."""
        options = [
            (name, shape[0]) for shape in ((2,), (3,), (4,)) for name in self.scope.names(shape)
        ]
        options += [("range(3)", 3), ("(0.3, -0.8)", 2), *self.scope.lists.items()]
        return self.pick(options)

    # ---- what says or defines something

    def silent(self) -> None:
        """A statement without a derivative."""
        if self.chance(0.2):
            bound = self.pick(("1e6", "1e7"))
            self.line(f"if abs({self.leaf(NUMBER)}) > {bound}:")
            self.line(f'    raise ValueError("beyond {bound}")')
        else:
            self.line(self.filled(self.pick(SILENT), 1))

    def define(self) -> None:
        """A function inside the function: it sees the variables around it, as they are when called."""
        if self.indent > 1 or self.returns is None:
            return
        name, param = self.new("inner"), self.pick(("q", "item"))
        shape = self.pick((NUMBER, NUMBER, (3,)))
        inner = Expressions(self.random, self.scope.copy())
        inner.scope.shapes[param] = shape
        inner.scope.generator = ""
        value = inner.expr(NUMBER, 2)
        if self.chance(0.5):
            self.line(f"{name} = lambda {param}: {value}")
        else:
            self.line(f"def {name}({param}):")
            if self.chance(0.4):
                self.line(f"    if {inner.condition()}:")
                self.line(f"        return {inner.expr(NUMBER, 1)}")
            self.line(f"    return {value}")
        self.scope.helpers.append(Helper(name, ((param, shape),), False, NUMBER))

    # ---- branches

    def branch(self) -> None:
        """``if`` with or without ``elif`` and ``else``."""
        with self.block(f"if {self.condition()}:"):
            self.statements(self.random.randint(1, 2))
        if self.chance(0.3):
            with self.block(f"elif {self.condition()}:"):
                self.statements(1)
        if self.chance(0.6):
            with self.block("else:"):
                self.statements(self.random.randint(1, 2))
        if self.chance(0.3):
            name, shape = self.new("s"), self.shape()
            with self.block(f"if {self.condition()}:"):
                self.line(f"{name} = {self.fresh(shape)}")
            with self.block("else:"):
                self.line(f"{name} = {self.fresh(shape)}")
            self.bind(name, shape)

    def early_return(self) -> None:
        """A way out of the function before its end."""
        if self.returns is not None:
            with self.block(f"if {self.condition()}:"):
                if self.chance(0.5):
                    self.statements(1)
                self.line(f"return {self.returned()}")

    def returned(self) -> str:
        """An expression of the shape that the function returns."""
        assert self.returns is not None
        return self.result() if self.returns == NUMBER else self.expr(self.returns, 2)

    # ---- loops

    def body(self, *, skips: bool = True) -> None:
        """What a loop does, with ways out of it; `skips` allows ``continue``."""
        self.loops += 1
        if self.chance(0.2):
            self._leave(skips)
        self.statements(self.random.randint(1, 3))
        if self.chance(0.2):
            self._leave(skips)
            self.statements(1)
        self.loops -= 1

    def _leave(self, skips: bool) -> None:
        with self.block(f"if {self.condition()}:"):
            if self.chance(0.5):
                self.statements(1)
            self.line(self.pick(("break", "continue") if skips else ("break",)))

    def afterwards(self) -> None:
        """Perhaps the ``else`` of a loop."""
        if self.chance(0.12):
            with self.block("else:"):
                self.statements(1)

    def loop_name(self, stem: str) -> str:
        """A name for the numbers of a loop: mostly new, now and then that of a number in use."""
        taken = [name for name in self._numbers_to_set() if name in self.scope.shapes]
        return self.pick(taken) if taken and self.chance(0.08) else self.new(stem)

    def count_loop(self) -> None:
        """``for i in range(...)``."""
        index = self.loop_name("i")
        ends = ["2", "3", "3", "1, 3", "2, -1, -1", "0, 3, 2", *self.scope.counts]
        over = f"range({self.pick(ends)})"
        with self.block(f"for {index} in {self.pick((over, over, over, f'reversed({over})'))}:"):
            self.scope.indices.append(index)
            self.scope.fixed.add(index)
            self.body()
        self.afterwards()

    def each_loop(self) -> None:
        """``for x in xs``: the items of an array are numbers or rows."""
        source, shape = self.pick(self.walkable())
        item = self.loop_name("item") if shape == NUMBER else self.new("item")
        with self.block(f"for {item} in {source}:"):
            self._goes_through(source, item, shape)
            self.body()
        self.afterwards()

    def pair_loop(self) -> None:
        """``for a, b in zip(x, y)``."""
        (one, first), (two, second) = (self.pick(self.walkable()) for _ in range(2))
        left, right = self.new("left"), self.new("right")
        with self.block(f"for {left}, {right} in zip({one}, {two}):"):
            self._goes_through(one, left, first)
            self._goes_through(two, right, second)
            self.body()

    def numbered_loop(self) -> None:
        """``for i, x in enumerate(xs)``."""
        source, shape = self.pick(self.walkable(longest=3))
        index, item = self.new("i"), self.new("item")
        start = self.pick(("", "", ", 1", ", start=2"))
        with self.block(f"for {index}, {item} in enumerate({source}{start}):"):
            if start:
                self.scope.counts.append(index)
            else:
                self.scope.indices.append(index)
            self._goes_through(source, item, shape)
            self.body()

    def _goes_through(self, source: str, item: str, shape: Shape) -> None:
        """In a loop over `source`, whose items are `item`: rows of it are views."""
        self.scope.shapes[item] = shape
        self.scope.fixed.add(item)
        self.scope.shared |= {item, *self.scope.beside(source)}
        self.scope.lists.pop(source, None)

    def while_loop(self) -> None:
        """A ``while`` that counts."""
        count = self.new("k")
        self.line(f"{count} = 0")
        far = f" and abs({self.leaf(NUMBER)}) < 5.0" if self.chance(0.3) else ""
        step = self.pick((f"{count} = {count} + 1", f"{count} += 1"))
        first = self.chance(0.5)
        with self.block(f"while {count} < {self.pick(['2', '3', *self.scope.counts])}{far}:"):
            if first:
                self.line(step)
            self.body(skips=first)
            if not first:
                self.line(step)
        self.afterwards()

    def while_far(self) -> None:
        """A ``while`` that goes on until a number has grown."""
        time = self.new("time")
        self.line(f"{time} = 0.1 + 0.2 * abs({self.expr(NUMBER, 1)})")
        with self.block(f"while {time} < 1.0:"):
            self.body(skips=False)
            self.line(f"{time} = {time} + 0.4 + 0.1 * abs({self.leaf(NUMBER)})")
        self.scope.shapes[time] = NUMBER

    def walkable(self, longest: int = 4) -> list[tuple[str, Shape]]:
        """What a loop can go through, and the shapes of its items."""
        places = {**self.scope.shapes, **self.scope.places}
        found = [
            (name, shape[1:]) for name, shape in places.items() if shape and shape[0] <= longest
        ]
        if longest > 3:
            found += [(name, NUMBER) for name in self.scope.lists if not self.loops]
        return found or [("(0.3, 0.6)", NUMBER)]
