"""Every refusal we know, in the order of its code."""

from typing import Final

from retrograd.transforms.diagnostics.kind import DiagnosticKind

CATALOGUE: Final[tuple[DiagnosticKind, ...]] = (
    # ------------------------------------------------------------ RG1: reading
    DiagnosticKind(
        code="RG101",
        title="the source is not valid Python",
        why="a program that Python cannot parse has no meaning to differentiate",
        instead="mend the syntax error; `python -m py_compile` shows it as well",
        refused="""\
def f(x):
    return (x *
""",
        accepted="""\
def f(x):
    return (x * x)
""",
    ),
    DiagnosticKind(
        code="RG102",
        title="a decorator may change what the function returns",
        why="the gradient of the text below the decorator need not be the gradient of what is called",
        instead="differentiate the undecorated function, which `functools.wraps` keeps as `f.__wrapped__`",
        refused="""\
from plotting import traced


@traced
def f(x):
    return x * x
""",
        accepted="""\
from functools import cache


@cache
def f(x):
    return x * x
""",
    ),
    DiagnosticKind(
        code="RG103",
        title="there is no such function in the file",
        why="only functions written with `def` at the top level of a file can be found by reading it",
        instead="name a function that the file defines at its top level",
        refused="""\
f = lambda x: x * x
""",
        accepted="""\
def f(x):
    return x * x
""",
    ),
    DiagnosticKind(
        code="RG104",
        title="the meaning of a name depends on how the module is run",
        why="we read the module without running it, and this name is bound in more than one place, "
        "or only under a condition",
        instead="bind the name once, at the top level, or pass the value as an argument",
        refused="""\
RATE = 0.1
RATE = RATE / 2


def f(x):
    return RATE * x
""",
        accepted="""\
RATE = 0.1 / 2


def f(x):
    return RATE * x
""",
    ),
    DiagnosticKind(
        code="RG105",
        title="an `import *` hides what the names of the module mean",
        why="we read the module without running it, and do not see which names this line binds",
        instead="import the names that are used one by one, or the module: `import numpy as np`",
        refused="""\
from numpy import *


def f(x):
    return sum(sin(x))
""",
        accepted="""\
from numpy import sin, sum


def f(x):
    return sum(sin(x))
""",
    ),
    # ------------------------------------------------------------ RG2: the language
    DiagnosticKind(
        code="RG201",
        title="this statement is outside the language that we differentiate",
        why="a statement that we do not know could do anything to the values around it",
        instead="use assignments, `if`, `for`, `while` and `return`",
        refused="""\
def f(x):
    total = 0.0
    for x[0] in range(3):
        total = total + x[1]
    return total
""",
        accepted="""\
def f(x):
    total = 0.0
    for _ in range(3):
        total = total + x[1]
    return total
""",
    ),
    DiagnosticKind(
        code="RG202",
        title="this expression is outside the language that we differentiate",
        why="an expression that we do not know could compute or change anything",
        instead="use arithmetic, comparisons, calls, indexing and `a if c else b`",
        refused="""\
def f(x):
    return len(b"ab") * x
""",
        accepted="""\
def f(x):
    return len("ab") * x
""",
    ),
    DiagnosticKind(
        code="RG203",
        title="a generator cannot be reversed",
        why="other code runs between its steps, and a reverse sweep cannot run that code backwards",
        instead="compute all values in a plain function, and return them together",
        refused="""\
def f(x):
    yield x * x
""",
        accepted="""\
def f(x):
    return x * x
""",
    ),
    DiagnosticKind(
        code="RG204",
        title="a `try` statement cannot be reversed",
        why="the reverse sweep replays exactly the statements that ran",
        instead="test the condition first, and branch with `if`",
        refused="""\
def f(x):
    try:
        y = 1.0 / x
    except ZeroDivisionError:
        y = 0.0
    return y
""",
        accepted="""\
def f(x):
    if x != 0.0:
        y = 1.0 / x
    else:
        y = 0.0
    return y
""",
    ),
    DiagnosticKind(
        code="RG205",
        title="this context may do more than let its body run",
        why="a context can swallow an exception, or hand out a value that nothing here knows",
        instead="open it where the gradient is called; `np.errstate`, `np.printoptions` and "
        "`warnings.catch_warnings`, without `as`, may stay",
        refused="""\
from contextlib import suppress


def f(x):
    y = x
    with suppress(ZeroDivisionError):
        y = 1.0 / x
    return y
""",
        accepted="""\
import numpy as np


def f(x):
    with np.errstate(divide="ignore"):
        y = 1.0 / x
    return y
""",
    ),
    DiagnosticKind(
        code="RG208",
        title="a function that writes `global` or `nonlocal` names has no gradient",
        why="what it computes depends on calls made before, which are not among its arguments",
        instead="pass the value as an argument and return it",
        refused="""\
COUNT = 0


def f(x):
    global COUNT
    COUNT = COUNT + 1
    return x * x
""",
        accepted="""\
def f(x, count):
    count = count + 1
    return x * x
""",
    ),
    DiagnosticKind(
        code="RG209",
        title="a function that calls itself cannot be put where it is called",
        why="the text of a function inside a function, or of one that is given a function, takes the "
        "place of the call",
        instead="define it at the top level of the module, with what it reads as arguments",
        refused="""\
def f(x, n):
    def power(k):
        return 1.0 if k == 0 else x * power(k - 1)

    return power(n)
""",
        accepted="""\
def power(x, k):
    return 1.0 if k == 0 else x * power(x, k - 1)


def f(x, n):
    return power(x, n)
""",
    ),
    DiagnosticKind(
        code="RG210",
        title="a set of values that depend on the inputs has no derivative",
        why="it has no order, and which of its values are one depends on whether they are equal",
        instead="use a list or a tuple",
        refused="""\
def f(x):
    return max({x, x * x})
""",
        accepted="""\
def f(x):
    return max(x, x * x)
""",
    ),
    DiagnosticKind(
        code="RG211",
        title="how many values stand behind this star is not known",
        why="which value goes where must be known when the gradient is written",
        instead="write the arguments and subscripts out, or let `types=` tell their number",
        refused="""\
def area(width, height):
    return width * height


def f(x):
    return area(*x)
""",
        accepted="""\
def area(width, height):
    return width * height


def f(x):
    return area(x[0], x[1])
""",
    ),
    DiagnosticKind(
        code="RG212",
        title="this name is not defined",
        why="it is neither a parameter nor assigned here, nor defined or imported by the module, "
        "nor a builtin",
        instead="check the spelling, or import the name explicitly",
        refused="""\
def f(x):
    return x * rate
""",
        accepted="""\
def f(x, rate):
    return x * rate
""",
    ),
    DiagnosticKind(
        code="RG213",
        title="this variable has no value yet",
        why="a name that is assigned anywhere in a function is a variable of it everywhere in it",
        instead="assign it before it is read, or give one of the two another name",
        refused="""\
def f(x, y):
    s = abs(x)
    abs = y
    return s * abs
""",
        accepted="""\
def f(x, y):
    s = abs(x)
    size = y
    return s * size
""",
    ),
    DiagnosticKind(
        code="RG214",
        title="a loop over this cannot be run backwards",
        why="the reverse sweep visits the items again, from the last to the first",
        instead="loop over `range`, an array, a list, a tuple or a dict, `zip`, `enumerate` or "
        "`reversed` of these; say by `types=` what a parameter is",
        refused="""\
def f(params):
    y = 1.0
    for k in params:
        y = y * params[k]
    return y
""",
        accepted="""\
def f(params):
    y = 1.0
    for value in params.values():
        y = y * value
    return y
""",
    ),
    DiagnosticKind(
        code="RG215",
        title="this form of the statement is not supported",
        why="patterns of `match` may be literals, `del` removes variables, `raise` has an exception "
        "of its own and no cause",
        instead="take the value apart with an assignment before, and test it with `if`",
        refused="""\
def f(x, shape):
    match shape:
        case (n, m):
            return n * m * x
        case _:
            return x
""",
        accepted="""\
def f(x, shape):
    match len(shape):
        case 2:
            n, m = shape
            return n * m * x
        case _:
            return x
""",
    ),
    DiagnosticKind(
        code="RG216",
        title="a variable has the name of an imported module",
        why="the gradient calls functions of that module, and the variable would hide it",
        instead="give the variable another name",
        refused="""\
import numpy as np


def f(x):
    np = 3.0
    return np * x
""",
        accepted="""\
import numpy as np


def f(x):
    n_p = 3.0
    return n_p * x
""",
    ),
    DiagnosticKind(
        code="RG217",
        title="the function can end without returning a value",
        why="there is no derivative of `None`",
        instead="end every way through the function with `return` and a value",
        refused="""\
def f(x):
    if x > 0.0:
        return x * x
""",
        accepted="""\
def f(x):
    if x > 0.0:
        return x * x
    return 0.0 * x
""",
    ),
    DiagnosticKind(
        code="RG218",
        title="the default of a parameter is not a constant",
        why="it is computed once, when the function is defined, and the gradient could not share it",
        instead="use a number, text, None or a tuple of these, and compute the rest in the body",
        refused="""\
def f(x, weights=[1.0, 2.0]):
    return x * weights[0]
""",
        accepted="""\
def f(x, weights=(1.0, 2.0)):
    return x * weights[0]
""",
    ),
    DiagnosticKind(
        code="RG219",
        title="a function, class or module cannot be a value here",
        why="which function is called must be known when the gradient is written",
        instead="call it by its name, in the branches of an `if` where that depends",
        refused="""\
import math


def f(x, periodic):
    g = math.sin if periodic else math.sinh
    return g(x)
""",
        accepted="""\
import math


def f(x, periodic):
    if periodic:
        y = math.sin(x)
    else:
        y = math.sinh(x)
    return y
""",
    ),
    DiagnosticKind(
        code="RG221",
        title="a coroutine cannot be reversed",
        why="other code runs wherever it waits, and a reverse sweep cannot run that code backwards",
        instead="wait for the values first, and compute with them in a plain function",
        refused="""\
async def f(x, source):
    rate = await source.rate()
    return rate * x
""",
        accepted="""\
def f(x, rate):
    return rate * x
""",
    ),
    DiagnosticKind(
        code="RG222",
        title="the program looks at its own names, or runs text",
        why="what is read or written this way does not show in the source",
        instead="write the statement out, or pass the value as an argument",
        refused="""\
def f(x):
    y = x * x
    return locals()["y"]
""",
        accepted="""\
def f(x):
    y = x * x
    return y
""",
    ),
    DiagnosticKind(
        code="RG223",
        title="a class is defined inside the function",
        why="it would be a new class at every call, with methods that see the variables around it",
        instead="define it at the top level of the module, and pass in what it reads",
        refused="""\
def f(x):
    class Spring:
        stiffness = 2.0

    return 0.5 * Spring.stiffness * x * x
""",
        accepted="""\
STIFFNESS = 2.0


def f(x):
    return 0.5 * STIFFNESS * x * x
""",
    ),
    DiagnosticKind(
        code="RG224",
        title="an exception is used to jump",
        why="the reverse sweep would have to know from which `raise` the handler was reached",
        instead="branch with `if`, leave a loop with `break`, or return",
        refused="""\
def f(x):
    y = x
    try:
        for i in range(10):
            y = y * x
            if y > 5.0:
                raise StopIteration
    except StopIteration:
        y = y + 1.0
    return y
""",
        accepted="""\
def f(x):
    y = x
    i = 0
    while i < 10 and y <= 5.0:
        y = y * x
        i = i + 1
    if y > 5.0:
        y = y + 1.0
    return y
""",
    ),
    DiagnosticKind(
        code="RG225",
        title="this has no derivative rule for complex numbers",
        why="its rule was written, and tried, for real numbers",
        instead="give it the real and the imaginary part one after the other: `z.real`, `z.imag`",
        refused="""\
import numpy as np

def f(x: float):
    z = np.array([x, 2.0j])
    return np.abs(np.sort(z)[0])
""",
        accepted="""\
import numpy as np

def f(x: float):
    z = np.array([x, 2.0j])
    return np.sort(np.abs(z))[0]
""",
    ),
    DiagnosticKind(
        code="RG226",
        title="an iterator is kept",
        why="it gives each item once and computes it only then, so what is left in it depends on "
        "who asked before, and when",
        instead="make a list of it, `list(zip(xs, ys))` or `[... for x in xs]`, or write it where "
        "it is gone through",
        refused="""\
def f(x, y):
    items = (x * k for k in range(3))
    return sum(items) + y * sum(items)
""",
        accepted="""\
def f(x, y):
    items = [x * k for k in range(3)]
    return sum(items) + y * sum(items)
""",
    ),
    DiagnosticKind(
        code="RG227",
        title="this container may do other things than a list, tuple or dict",
        why="it is of a class of its own, whose methods and operators mean what that class says",
        instead="make a plain one of it before the function, such as `dict(counts)`, or write with "
        "lists and dicts",
        refused="""\
from collections import Counter


def f(x):
    counts = Counter()
    counts.update({"a": x})
    counts.update({"a": x * x})
    return counts["a"]
""",
        accepted="""\
def f(x):
    counts = {"a": x}
    counts["a"] += x * x
    return counts["a"]
""",
    ),
    # ------------------------------------------------------------ RG3: derivatives
    DiagnosticKind(
        code="RG301",
        title="there is no derivative rule for this function",
        why="its source is not Python that we read, and no rule says what its derivative is",
        instead="use a function that `retrograd rules` lists",
        refused="""\
import numpy as np


def f(x):
    return np.sum(np.kaiser(4, x))
""",
        accepted="""\
import numpy as np


def f(x):
    return np.sum(np.sin(x))
""",
    ),
    DiagnosticKind(
        code="RG302",
        title="the derivative rule of this function does not cover this argument",
        why="the argument changes what the function computes, and the rule does not say how",
        instead="leave the argument out, or do what it does in a statement of its own",
        refused="""\
import numpy as np


def f(x, w):
    return np.sum(np.exp(x, where=w))
""",
        accepted="""\
import numpy as np


def f(x, w):
    return np.sum(np.where(w, np.exp(x), 1.0))
""",
    ),
    DiagnosticKind(
        code="RG303",
        title="there is no derivative rule for this attribute or method",
        why="what it gives depends on the class of the object, which is not known or cannot be read",
        instead="use a function of NumPy, or a method of arrays such as `x.sum()`; of an object of your "
        "own, tell the class by an annotation: `p: Point`",
        refused="""\
def f(x):
    return x.magnitude * 2.0
""",
        accepted="""\
def f(x):
    return abs(x) * 2.0
""",
    ),
    DiagnosticKind(
        code="RG304",
        title="the source of this function cannot be read",
        why="the derivative of a call needs the text of the function or a rule for it",
        instead="import it from a file of the same project, or write it out here",
        refused="""\
from pricing import discount


def f(x):
    return discount(x)
""",
        accepted="""\
def discount(x):
    return 0.9 * x


def f(x):
    return discount(x)
""",
    ),
    DiagnosticKind(
        code="RG305",
        title="the arguments of this call do not fit the function's parameters",
        why="Python would raise a TypeError here",
        instead="pass every parameter without a default exactly once",
        refused="""\
def power(base, n):
    return base**n


def f(x):
    return power(x, 2, n=3)
""",
        accepted="""\
def power(base, n):
    return base**n


def f(x):
    return power(x, n=3)
""",
    ),
    DiagnosticKind(
        code="RG306",
        title="this function calls itself without end",
        why="every way through it calls it again, or each call is with arguments of another kind",
        instead="return without a call on one way, and pass on arguments of the same kinds",
        refused="""\
def f(x, n):
    return x * f(x, n - 1)
""",
        accepted="""\
def f(x, n):
    if n == 0:
        return 1.0
    return x * f(x, n - 1)
""",
    ),
    DiagnosticKind(
        code="RG307",
        title="this operator has no derivative rule",
        why="it works on bits or whole numbers, where there is nothing to differentiate",
        instead="use arithmetic on floats",
        refused="""\
def f(x):
    return x << 2
""",
        accepted="""\
def f(x):
    return x * 4
""",
    ),
    DiagnosticKind(
        code="RG308",
        title="the result is not something that can be differentiated",
        why="a derivative is a change of numbers, and the result is text or some other object",
        instead="return a float, an array, or a container of them",
        refused="""\
def f(x):
    return "large"
""",
        accepted="""\
def f(x):
    return x * x
""",
    ),
    DiagnosticKind(
        code="RG309",
        title="a gradient is that of one number, and the function returns several values",
        why="each of them has a derivative of its own",
        instead="return one number; for several, return one array and use `retrograd.jacobian`",
        refused="""\
def f(x):
    return x**2, x**3
""",
        accepted="""\
def f(x):
    return x**2 + x**3
""",
    ),
    DiagnosticKind(
        code="RG310",
        title="this derivative cannot be taken inside a function that is differentiated",
        why="it is written out as a function beside this one, for which all it is made of must show",
        instead="name a function of yours, with options and arguments that are written out",
        refused="""\
import retrograd as rg


def energy(q, k):
    return k * q * q


def f(q, which):
    return rg.grad(energy, argnums=which)(q, 2.0)
""",
        accepted="""\
import retrograd as rg


def energy(q, k):
    return k * q * q


def f(q, which):
    if which == 0:
        return rg.grad(energy)(q, 2.0)
    return rg.grad(energy, argnums=1)(q, 2.0)
""",
    ),
    DiagnosticKind(
        code="RG311",
        title="this part of a solver has no derivative rule",
        why="the derivative of a solution is that of the equation it solves, as far as we know that",
        instead="solve for a function of yours, with `args` written out, and read only `x` and `fun`",
        refused="""\
from scipy import optimize


def ridge(x, c):
    return (x[0] - c) ** 2 + x[0] ** 4


def f(c):
    return optimize.minimize(ridge, [0.5], args=(c,), bounds=[(0.0, 1.0)]).x[0]
""",
        accepted="""\
from scipy import optimize


def ridge(x, c):
    return (x[0] - c) ** 2 + x[0] ** 4


def f(c):
    return optimize.minimize(ridge, [0.5], args=(c,), tol=1e-10).x[0]
""",
    ),
    DiagnosticKind(
        code="RG312",
        title="what is integrated may jump at a place that depends on what varies",
        why="an integral changes as a jump moves, of which the derivative of the integrand knows nothing",
        instead="integrate piece by piece, or bend by `np.maximum` and its like; what does not jump after all"
        " can be decided by `rg.stop_gradient` of it",
        refused="""\
from scipy.integrate import quad


def lit(x, edge):
    return x * x if x > edge else 0.0


def f(edge):
    return quad(lit, 0.0, 1.0, args=(edge,))[0]
""",
        accepted="""\
from scipy.integrate import quad


def f(edge):
    return quad(lambda x: x * x, edge, 1.0)[0]
""",
    ),
    # ------------------------------------------------------------ RG4: memory and aliasing
    DiagnosticKind(
        code="RG401",
        title="this is no place in a variable",
        why="the reverse sweep must know which variable the write changes",
        instead="give the value a name first, and write to a part of that",
        refused="""\
import numpy as np


def f(x):
    np.asarray(x)[0] = 1.0
    return np.sum(x)
""",
        accepted="""\
import numpy as np


def f(x):
    y = np.array(x)
    y[0] = 1.0
    return np.sum(y)
""",
    ),
    DiagnosticKind(
        code="RG402",
        title="this may change an array that another name holds as well",
        why="whoever shares the memory would see the change, and which memory that is is not known",
        instead="write into a copy (`b = a.copy()`), or say with `--types` or an annotation what is a "
        "number (`x: float`) and what an array",
        refused="""\
import numpy as np


def f(x):
    y = np.reshape(x * x, (2, 2))
    z = np.reshape(y, 4)
    z[0] = 1.0
    return np.sum(y)
""",
        accepted="""\
import numpy as np


def f(x):
    y = np.reshape(x * x, (2, 2))
    z = np.reshape(y, 4).copy()
    z[0] = 1.0
    return np.sum(y) + np.sum(z)
""",
    ),
    DiagnosticKind(
        code="RG403",
        title="this call writes into what it is given",
        why="the reverse sweep needs the values from before the call",
        instead="use the function that returns a new array, such as `np.sort(x)` for `x.sort()`",
        refused="""\
import numpy as np


def f(x):
    y = x * 2.0
    y.partition(1)
    return np.sum(y)
""",
        accepted="""\
import numpy as np


def f(x):
    y = x * 2.0
    return np.sum(y)
""",
    ),
    DiagnosticKind(
        code="RG404",
        title="this writes to a value from outside the function",
        why="the change would outlast the call, and the next call would compute something else",
        instead="pass the value as an argument, and return the new one",
        refused="""\
import numpy as np

STATE = np.zeros(3)


def f(x):
    STATE[0] = 1.0
    return x * x
""",
        accepted="""\
import numpy as np

STATE = np.zeros(3)


def f(x):
    return x * x + STATE[0]
""",
    ),
    DiagnosticKind(
        code="RG405",
        title="a function that calls itself changes an argument in place",
        why="the two halves of such a function are given values, not places to write to",
        instead="let the function return the new array, or write to a copy in it",
        refused="""\
import numpy as np


def fill(a, x, n):
    if n == 0:
        return x
    a[n - 1] = x * n
    return fill(a, x, n - 1)


def f(x, n):
    a = np.zeros(n)
    fill(a, x, n)
    return np.sum(a)
""",
        accepted="""\
import numpy as np


def fill(a, x, n):
    for k in range(n):
        a[k] = x * (k + 1)
    return a[0]


def f(x, n):
    a = np.zeros(n)
    fill(a, x, n)
    return np.sum(a)
""",
    ),
    DiagnosticKind(
        code="RG406",
        title="an array of integers cannot hold what is written to it",
        why="NumPy cuts the digits off, and with them the derivative",
        instead="make it an array of floats: `np.zeros(3)`, `a.astype(float)`",
        refused="""\
import numpy as np


def f(x: float):
    y = np.arange(3)
    y[0] = x
    return np.sum(y)
""",
        accepted="""\
import numpy as np


def f(x: float):
    y = np.arange(3.0)
    y[0] = x
    return np.sum(y)
""",
    ),
    DiagnosticKind(
        code="RG407",
        title="this may change how many items the list has",
        why="the reverse sweep must know which items the write took out and which it put in",
        instead="write each item by its index, or put a new list together: `a = a[:1] + b + a[3:]`",
        refused="""\
def f(x, y):
    a = [x, y, x * y]
    a[1:] = [x * x]
    return a[0] * a[1]
""",
        accepted="""\
def f(x, y):
    a = [x, y, x * y]
    a = a[:1] + [x * x]
    return a[0] * a[1]
""",
    ),
    DiagnosticKind(
        code="RG409",
        title="a call may have changed what the gradient reads again",
        why="we do not know what the method does to its object, and so to all that is part of it",
        instead="take out the number that is needed: `gain = float(state.gain())`",
        refused="""\
def f(x, state):
    y = x * state.gain()
    state.advance()
    return y * y
""",
        accepted="""\
def f(x, state):
    y = x * float(state.gain())
    state.advance()
    return y * y
""",
    ),
    DiagnosticKind(
        code="RG410",
        title="an iteration of a checkpointed loop cannot be run again",
        why="the reverse sweep computes the states again that it did not keep, and must find the same",
        instead="draw before the loop, `noise = rng.normal(size=n)`, write to arrays of its own in it, or"
        " leave checkpoint= out",
        refused="""\
import numpy as np

import retrograd as rg


def f(x: float, n: int):
    rng = np.random.default_rng(0)
    for t in rg.checkpoint(range(n)):
        x = np.sin(x) + rng.normal()
    return x
""",
        accepted="""\
import numpy as np

import retrograd as rg


def f(x: float, n: int):
    noise = np.random.default_rng(0).normal(size=n)
    for t in rg.checkpoint(range(n)):
        x = np.sin(x) + noise[t]
    return x
""",
    ),
    DiagnosticKind(
        code="RG411",
        title="`rg.checkpoint` stands around something that cannot be run again",
        why="it is asked for on what a `for` runs over, on the test of a `while`, or on a function that"
        " is called at once; which states of a loop to keep is a literal",
        instead='`for t in rg.checkpoint(range(n), "sqrt"):`, `while rg.checkpoint(error > tol):` or'
        " `rg.checkpoint(step)(x)`",
        refused="""\
import retrograd as rg


def f(x: float):
    y = rg.checkpoint(x * x)
    return y * x
""",
        accepted="""\
import retrograd as rg


def square(x):
    return x * x


def f(x: float):
    y = rg.checkpoint(square)(x)
    return y * x
""",
    ),
    # ------------------------------------------------------------ RG5: native code
    DiagnosticKind(
        code="RG501",
        title="this cannot be compiled to native code",
        why="with jit=True, Numba compiles the gradient, and it has to know the type of every value",
        instead="leave jit=True out, and NumPy runs the gradient; or write this with numbers and arrays",
        refused="""\
import numpy as np


def f(x: float):
    names = {"sin": 2.0, "cos": x}
    return np.sort(np.array([x, 3.0]))[::-1].tolist()[0] * names["sin"]
""",
        accepted="""\
import numpy as np


def f(x: float):
    return 2.0 * max(x, 3.0)
""",
    ),
    # ------------------------------------------------------------ RG9: our own bugs
    DiagnosticKind(
        code="RG901",
        title="retrograd made a mistake",
        why="a stage of the compiler wrote a program that is not well-formed",
        instead="please report this with the function that brought it about",
        refused="",
        accepted="",
    ),
)

_BY_CODE: Final = {kind.code: kind for kind in CATALOGUE}


def kind_of(code: str) -> DiagnosticKind:
    """The entry of `code`, such as ``RG204``."""
    return _BY_CODE[code]
