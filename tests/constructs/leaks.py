"""Where a derivative could get lost without a word: what was hunted, and what became of it.

Each program lets a value reach the result through something that a compiler may overlook. Either
the gradient is right or the program is refused: a zero that nobody asked for is neither.
"""

import contextlib
import copy
import math

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    n=3,
)

RATE = 2.0
COUNTER = {"calls": 0.0}
OPTIONS = [1.0, 2.0]


@contextlib.contextmanager
def scaled(value):
    yield value * 2.0


def with_that_makes_a_value(x, y):
    """`with` that makes an active value

    refused: RG205
    """
    with scaled(x) as z:
        s = z * y
    return s


def with_that_swallows(x, y):
    """Harder: `with` that swallows an exception.

    refused: RG205
    """
    s = x
    with contextlib.suppress(ValueError):
        s = math.sqrt(-y)
        s = s * 2.0
    return s * x


def constant_changed_after_use(x, y):
    """A constant changed after its use"""
    rate = 2.0
    s = x * rate
    rate = y
    return s * rate


def constant_in_tuple_changed(x, y):
    """Harder: inside a list of constants."""
    table = [1.0, 2.0]
    s = x * table[0]
    table[0] = s * y
    return table[0] * table[1]


def global_changed_by_callee(x, y):
    """A global that a callee changes

    refused: RG208
    """
    advance(x)
    return x * y * RATE


def advance(a):
    global RATE
    RATE = RATE * a


def dict_of_global_changed_by_callee(x, y):
    """Harder: an entry of a global dict.

    refused: RG404
    """
    count(x)
    return COUNTER["calls"] * y


def count(a):
    COUNTER["calls"] = COUNTER["calls"] + a


def mutated_default(x, y):
    """A default argument that is mutated

    refused: RG218
    """
    return collected(x)[0] * y


def collected(a, items=[]):
    items.append(a)
    return items


def list_changed_through_alias(x, y):
    """A list changed through an alias"""
    items = [x, 2.0]
    same = items
    same[1] = x * y
    return items[0] * items[1]


def list_inside_list_changed(x, y):
    """Harder: through an entry of another list.

    refused: RG402
    """
    inner = [1.0, 2.0]
    outer = [inner, inner]
    outer[0][1] = x * y
    return outer[1][1] * x


def list_repeated(x, y):
    """Harder: a list repeated by `*`, one list three times.

    refused: RG402
    """
    rows = [[0.0, 1.0]] * 3
    rows[0][0] = x * y
    return rows[2][0] * x


def slice_of_a_list_written(x, y):
    """A write into a copy that nobody reads

    refused: RG401
    """
    items = [x, y, x * y]
    items[1:][0] = x * x
    return items[1] * x


def picked_elements_written(x, v):
    """Harder: of elements picked by a list of places.

    refused: RG401
    """
    a = v * x
    a[[0, 1]][0] = x * x
    return np.sum(a**2)


def slice_of_a_list_appended_to(x, v):
    """Harder: by a method.

    refused: RG401
    """
    a = [v * x, v]
    a[:].append(v * v)
    return np.sum(a[-1] ** 2)


def asarray_of_a_parameter_written(x, v):
    """`np.asarray` of a parameter, then written

    refused: RG402
    """
    a = np.asarray(v)
    a *= x
    return np.sum(v**2)


def asarray_of_a_list_written(x, weights):
    """Harder: of a list, which is not changed.

    at: x=0.7, weights=[0.4, -1.1]
    """
    a = np.asarray(weights)
    a *= x
    return np.sum(a**2) + weights[0] ** 2


def view_of_a_parameter_returned(x, v):
    """A view of a parameter that is returned"""
    part = tail(v)
    part *= x
    return np.sum(part) + np.sum(v**2)


def tail(a):
    return a[1:]


def comprehension_variable_shadows(x, v):
    """A comprehension's variable that shadows an active one"""
    total = sum(x * 2.0 for x in v)
    return total * x


def comprehension_shadows_in_loop(x, v):
    """Harder: in a loop whose variable it shadows."""
    s = 0.0
    for item in v:
        parts = [item * k for k, item in enumerate([x, x * x])]
        s = s + item * parts[1]
    return s


def lambda_parameter_shadows(x, y):
    """Harder: a lambda's parameter."""
    f = lambda x: x * y
    return f(2.0) * x + f(x)


def deleted_name(x, y):
    """`del` of a name, which has another value before"""
    s = x * y
    t = s
    del s
    s = 2.0
    return t * s * x


def deleted_element(x, y):
    """Harder: of an item of a list and of a dict."""
    items = [x, x * y, y]
    del items[0]
    p = {"a": x, "b": y}
    del p["b"]
    return items[0] * p["a"] * len(p)


def exception_caught(x, y):
    """An exception caught

    refused: RG204
    """
    s = x
    try:
        s = s * y
        s = s + math.sqrt(-x)
    except ValueError:
        pass
    return s


def conversion_by_text(x, y):
    """A conversion through text

    refused: RG301
    """
    return float(str(x)) * y


def conversion_by_format(x, y):
    """Harder: through an f-string.

    refused: RG301
    """
    return float(f"{x:.17g}") * y


def conversion_by_list(x, v):
    """A conversion through lists"""
    a = np.array([float(item) for item in list(v)])
    return np.sum(a**2) * x


def conversion_by_struct(x, v):
    """Harder: through bytes.

    refused: RG303
    """
    return np.sum(np.frombuffer((v * x).tobytes()) ** 2)


def conversion_by_dtype(x, v):
    """Harder: through an array of objects.

    refused: RG302
    """
    a = np.array([x, x * x], dtype=object)
    return a[0] * a[1]


def integer_array_rounds(x, v):
    """An integer array cuts what is stored, and only that

    refused: RG406
    """
    a = np.array([1, 2, 3])
    a[0] = 9.0 * x
    b = np.zeros(3)
    b[0] = 9.0 * x
    return a[0] * b[0]


def integer_like(x, counts):
    """Harder: `zeros_like` of integers.

    at: x=0.7, counts=np.array([3, 0, 2])
    refused: RG406
    """
    a = np.zeros_like(counts)
    a[0] = 9.0 * x
    b = np.full(3, 0)
    b[1] = 9.0 * x
    return (a[0] + b[1]) * x


def attribute_that_hides(x, v):
    """`setattr`, `getattr`, `vars`, `locals`

    refused: RG222
    """
    s = x * 2.0
    return locals()["s"] * np.sum(v)


def deep_copies(x, v):
    """`copy.deepcopy` keeps the derivative"""
    a = copy.deepcopy(v)
    a[0] = x
    return np.sum(a * v)


def deep_copies_of_structures(x, v):
    """Harder: of a dict of lists, and `copy.copy`, which is shallow."""
    params = {"w": [v, x * v], "b": x}
    other = copy.deepcopy(params)
    other["w"][1][0] = x * x
    items = [x, x * x]
    more = copy.copy(items)
    more[0] = 2.0
    again = copy.copy(v)
    again[1] = x
    return np.sum(other["w"][1] * params["w"][1]) + more[0] * items[0] + np.sum(again * v)


def sort_in_place(x, v):
    """Methods that change an array: `a.sort()`"""
    a = v * x
    a.sort()
    return a[0] ** 2 + 2.0 * a[1]


def sort_of_several_axes(x, v):
    """Harder: along the last of several axes.

    refused: RG403
    """
    a = v[:, np.newaxis] * x
    a.sort()
    return np.sum(a[:, 0] * v)


def iterator_used_up(x, v):
    """An iterator that is used up

    refused: RG226
    """
    items = iter(v)
    first = next(items)
    rest = 0.0
    for item in items:
        rest = rest + item**2
    return first * rest * x


def zip_used_twice(x, v):
    """Harder: a `zip` that is gone through twice.

    refused: RG226
    """
    pairs = zip(v, [x, 2.0, x])
    first = sum(a * b for a, b in pairs)
    second = sum(a * b for a, b in pairs)
    return first + 10.0 * second


def map_used_twice(x, v):
    """Harder: a `map`.

    refused: RG226
    """
    items = map(lambda a: a * x, v)
    return sum(items) + 2.0 * sum(items)


def generator_passed_on(x, v):
    """Harder: a generator, by a helper that is given it.

    refused: RG226
    """
    return twice_through(a * x for a in v)


def twice_through(items):
    return sum(items) + 3.0 * sum(items)


def generator_read_later(x, v):
    """Harder: a generator whose items are computed when something has changed.

    refused: RG226
    """
    items = (a * x for a in v)
    x = x * x
    return sum(items)


def generator_over_what_the_loop_changes(x, v):
    """Harder: by the loop that goes through it."""
    s = 0.0
    for k, item in enumerate((a * x for a in v), start=1):
        x = x + item * k
        s = s + item**2
    return s * x


def generators_in_step(x, v):
    """Harder: with a condition, beside another iterator.

    refused: RG226
    """
    s = 0.0
    for item, a in zip((a * x for a in v if a > 0.0), v):
        x = x + item * a
        s = s + item**2
    return s * x


def iterator_read_once(x, v):
    """Harder: iterators under a name, each gone through once."""
    pairs = zip(v, [x, 2.0, x])
    products = (a * x for a in v)
    s = 0.0
    for a, b in pairs:
        s = s * a + b
    return s + sum(products)


def evaluation_order(x, y):
    """The order of evaluation, with a change in the middle"""
    items = [x, y]
    return items[0] * items.pop() + len(items) * x


def default_evaluated_once(x, y):
    """Harder: a default is evaluated where the function is defined."""
    rate = x

    def f(a, k=rate):
        return a * k

    rate = y
    return f(rate)


def late_binding(x, v):
    """Closures made in a loop see its last value

    refused: RG219
    """
    forms = []
    for item in v:
        forms.append(lambda a: a * item)
    return forms[0](x) * forms[1](x)


def tuple_of_arrays_written(x, v):
    """Arrays in tuples, written under their own names

    refused: RG402
    """
    a, b = v * x, v**2
    pair = (a, b)
    a[0] = x
    b *= x
    return np.sum(pair[0] * pair[1])


def dict_of_arrays_written(x, v):
    """Harder: in dicts.

    refused: RG402
    """
    a = v * x
    p = {"a": a, "b": a}
    p["a"][0] = x**2
    return np.sum(p["b"] ** 2) + np.sum(a)


def broadcast_view(x, v):
    """Views of broadcasting, read only"""
    B = np.broadcast_to(v * x, (2, 3))
    C = np.tile(v, (2, 1))
    C[0, 0] = x
    return np.sum(B**2 * C)


def diagonal_view(x, M):
    """Diagonals and triangles"""
    A = M @ M.T
    d = np.diag(A)
    L = np.tril(A)
    return np.sum(d**2) * x + np.sum(L) + np.trace(A)
