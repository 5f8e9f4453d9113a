"""What must be refused, each with its own code."""

import ctypes
import math

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    n=3,
)

TABLE = np.array([0.5, 1.5, 2.5])
HISTORY = []
TOTAL = 0.0


class Settings:
    """An object of which nothing is known."""

    rate = 2.0


SETTINGS = Settings()


def try_around_active_code(x, y):
    """`try` around active code

    refused: RG204
    """
    try:
        z = x / y
    except ZeroDivisionError:
        z = 0.0
    return z**2


def try_finally(x, y):
    """Harder: `try ... finally`.

    refused: RG204
    """
    z = x
    try:
        z = z * y
    finally:
        z = z + 1.0
    return z


def exception_as_goto(x, v):
    """`goto`-like uses of exceptions

    refused: RG224
    """
    total = x
    try:
        for item in v:
            total = total * item
            if item < 0.0:
                raise StopIteration
    except StopIteration:
        total = total + 1.0
    return total


def yielding(x, n):
    """`yield`

    refused: RG203
    """
    for k in range(n):
        yield x * k


def yielding_helper(x, n):
    """Harder: in a helper.

    refused: RG203
    """
    return sum(terms(x, n))


def terms(a, count):
    for k in range(count):
        yield a**k


async def asynchronous(x, y):
    """`async`

    refused: RG221
    """
    return x * y


def global_write(x, y):
    """`global` writes of active values

    refused: RG208
    """
    global TOTAL
    TOTAL = x * y
    return TOTAL * x


def nonlocal_write(x, y):
    """`nonlocal` writes of active values

    refused: RG208
    """
    total = x

    def add(a):
        nonlocal total
        total = total + a * x

    add(y)
    return total


def exec_of_text(x, y):
    """`exec`

    refused: RG222
    """
    z = 0.0
    exec("z = x * y")
    return z + x


def eval_of_text(x, y):
    """`eval`

    refused: RG222
    """
    return eval("x * y") + x


def write_to_global_array(x, v):
    """Writes to arrays held by globals

    refused: RG404
    """
    TABLE[0] = x
    return np.sum(TABLE * v)


def write_to_global_array_through_alias(x, v):
    """Harder: through a local name.

    refused: RG404
    """
    table = TABLE
    table *= x
    return np.sum(table * v)


def append_to_global_list(x, y):
    """Harder: to a list held by a global.

    refused: RG404
    """
    HISTORY.append(x * y)
    return HISTORY[-1] * x


def made_with_state():
    state = np.zeros(3)

    def write_to_closure_array(x, v):
        """Writes to arrays held by closures

        refused: RG404
        """
        state[0] = x
        return np.sum(state * v)

    return write_to_closure_array


write_to_closure_array = made_with_state()


def undecidable_alias(x, v):
    """An alias that cannot be decided and matters

    refused: RG402
    """
    a = v * x
    b = v**2
    c = a if x > 0.5 else b
    c[0] = x**3
    return np.sum(a * b)


def undecidable_alias_under_if(x, v):
    """Harder: bound under `if`.

    refused: RG402
    """
    a = v * x
    b = a
    if x > 0.0:
        b = v**2
    b *= x
    return np.sum(a * b)


def undecidable_view(x, v):
    """Harder: a reshape that may be a view.

    refused: RG402
    """
    a = np.outer(v, v) * x
    flat = np.reshape(a.T, 9)
    flat[0] = x**2
    return np.sum(a**2)


def call_without_source(x, y):
    """A call whose source cannot be read and that has no rule

    refused: RG301
    """
    return math.nextafter(x, 2.0) * y


def call_without_rule(x, v):
    """Harder: of NumPy.

    refused: RG301
    """
    return np.sum(np.kaiser(4, v[0] * x))


def call_of_c_function(x, y):
    """Harder: of a shared library.

    refused: RG301
    """
    return ctypes.pythonapi.PyFloat_AsDouble(x) * y


def object_of_a_c_type(x, y):
    """Harder: an object of such a library.

    refused: RG303
    """
    return ctypes.c_double(x).value * y


def unknown_keyword(v, x):
    """Unknown keywords of known functions

    refused: RG302
    """
    return np.sum(np.exp(v * x, where=[True, False, True]))


def key_that_varies(x, y):
    """Keys of a dict that depend on the inputs

    refused: RG210
    """
    d = {x: 1.0, 2.0 * x: y}
    s = 0.0
    for k, value in d.items():
        s = s + k * value
    return s


def stored_key_that_varies(x, y):
    """Harder: stored, and read by `list`.

    refused: RG210
    """
    d = {}
    d[x] = y
    return list(d)[0] * y


def module_rebound(x, y):
    """Rebinding a name that is a module or function

    refused: RG216
    """
    s = np.sin(x)
    np = y
    return s * np


def function_rebound(x, y):
    """Harder: a builtin's name.

    refused: RG213
    """
    s = abs(x)
    abs = y
    return s * abs


def unknown_attribute(x, y):
    """Attributes of unknown objects

    refused: RG303
    """
    return x.weight * y


def attribute_of_a_global_object(x, y):
    """Harder: written, of an object that is global.

    refused: RG404
    """
    SETTINGS.rate = x
    return SETTINGS.rate * y


def class_inside(x, y):
    """Class definitions inside the function

    refused: RG223
    """

    class Pair:
        a = x

    return Pair.a * y
