"""Assignments and expressions, and the functions and containers of Python itself."""

import functools
import math
import operator
from functools import partial, reduce

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    z=-0.6,
    v=np.array([0.4, -1.1, 0.9]),
    u=np.array([0.2, -0.5, 1.1, 0.8, -0.3]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    n=3,
)

# ---------------------------------------------------------------- assignment


def chained_assignment(x, y):
    """`a = b = e`"""
    a = b = x * y
    b = b + x
    return a * b


def chained_assignment_of_an_array(x, v):
    """Harder: one array under two names, then written."""
    a = b = v * x
    b[0] = x**2
    return np.sum(a**2) + np.sum(b)


def chained_assignment_with_a_tuple(x, y):
    """Harder: a tuple and its parts."""
    pair = a, b = x * y, x + y
    return pair[0] * b + a


def swap(x, y):
    """`a, b = b, a`"""
    x, y = y, x * y
    return x**2 + 3.0 * y


def swap_of_three(x, y, z):
    """Harder: three go round, in a loop."""
    for _ in range(4):
        x, y, z = y * z, z, x
    return x + 2.0 * y + 3.0 * z


def fibonacci(x, y, n):
    """Harder: each from the other's old value."""
    a, b = x, y
    for _ in range(n):
        a, b = b, a * b + a
    return a * b


def starred_unpacking(x, y, z):
    """`first, *rest = values`"""
    first, *rest = [x, y * z, z]
    return first * rest[0] + rest[1] ** 2


def starred_unpacking_in_the_middle(x, y, z):
    """Harder: the star in the middle, and at the front."""
    a, *middle, b = (x, y, z, x * y)
    *front, last = middle
    return a * b + front[0] * last


def starred_unpacking_of_an_array(v):
    """Harder: of an array."""
    first, *rest = v
    return first * rest[0] * rest[1]


def nested_unpacking(x, y, z):
    """`(a, b), c = e`"""
    (a, b), c = (x * y, y), z
    [d, e] = [a * c, b]
    return d * e


def annotated_assignment(x, y):
    """`s: float = e`"""
    s: float = x * y
    t: float
    t = s**2
    return t + s


def walrus(x, y):
    """`(name := e)`"""
    if (s := x * y) > 0.5:
        s = s**2
    return s * (t := y * x) + t


def walrus_in_while(x, y):
    """Harder: in the condition of `while`."""
    total = 0.0
    s = x
    while (s := s * y) < 3.0:
        total += s**2
    return total * s


def walrus_in_comprehension(v, x):
    """Harder: in a comprehension, whose name stays."""
    squares = [(last := item * x) ** 2 for item in v]
    return sum(squares) * last


# ---------------------------------------------------------------- choice


def ternary(x, y):
    """`a if c else b`"""
    return (x * y if x < y else x + y) * x


def ternary_nested(x, y, v):
    """Harder: nested, of arrays, and not defined on the other side."""
    a = v * x if x > 0.0 else v / y if y > 0.0 else v
    b = math.sqrt(y) if y > 0.0 else 0.0
    return np.sum(a**2) * b


def short_circuit(x, y):
    """`and`, `or`, `not` as conditions, with short circuit"""
    s = x
    if y > 0.0 and math.log(y) > 0.0:
        s = s * y
    if not (x > 0.0 or math.log(x) > 0.0):
        s = 0.0
    return s


def short_circuit_guard(x, v, n):
    """Harder: guarding an index."""
    k = 0
    while k < n and v[k] > -1.0:
        x = x * v[k]
        k += 1
    return x * v[0]


def short_circuit_values(x, y, z):
    """`a or b` and `a and b` as values"""
    scale = 0.0 * n_of(x) or y
    both = x and x * z
    return scale * both + (z or x)


def n_of(x):
    return int(x)


def chained_comparison(x, y, z):
    """`a < b < c`"""
    if z < x < y:
        return x * y * z
    return x


def chained_comparison_of_floats(x, y):
    """Harder: its truth as a number."""
    inside = float(0.0 < x <= y != 3.0)
    return inside * x * y


# ---------------------------------------------------------------- arithmetic


def constant_power(x, y):
    """`x ** 3`, with constant exponents"""
    return x**3 + y**-2 + x**0.5 + y**1 + x**0


def constant_power_of_a_negative_base(z, v):
    """Harder: negative bases, and zero."""
    return z**3 + z**2 + np.sum(v**3) + (z - z) ** 2 + z**-1


def variable_power(x, y):
    """`x ** y`, with variable exponents"""
    return x**y + y**x


def variable_power_of_arrays(x, v):
    """Harder: arrays, and an integer exponent that is a variable."""
    total = 0.0
    for k in range(4):
        total = total + np.sum(v**k) * x**k
    return total + np.sum((1.5 + v) ** (v * x))


def floor_division(x, y):
    """`x // y`"""
    return (5.0 * y) // x + x * y


def remainder(x, y):
    """`x % y`"""
    return (5.0 * y) % x * x


def remainder_of_arrays(v, x):
    """Harder: of arrays, negative numbers, `divmod` and `math.fmod`."""
    whole, rest = divmod(7.0 * x, 1.5)
    return np.sum(v % x) + whole * x + rest + math.fmod(-5.0 * x, 1.1)


def integer_arithmetic(x, n):
    """Integers: `//`, `%`, `&`, `<<`"""
    half = n // 2
    bits = (n << 2) & 6 | n % 2
    return x**half * bits


def unary(x, v):
    """`-x`, `+x`"""
    return np.sum(-v * +x) ** 2 - -x


def fstring(x, y):
    """f-strings and other inactive text"""
    label = f"x = {x:.3f} and {y!r}"
    label += " done" + str(n_of(y))
    return x * y * len(label[:3])


# ---------------------------------------------------------------- displays


def list_display(x, y):
    """List displays"""
    parts = [x, x * y, 2.0]
    return parts[0] * parts[1] + parts[-1] * y


def list_display_with_star(x, y):
    """Harder: with stars, sums and repetition."""
    a = [x, y]
    b = [*a, x * y] + a
    c = 2 * a + [x] * 2
    return b[2] * b[3] + c[2] * c[5]


def list_slices(x, y, z):
    """Harder: slices of lists."""
    items = [x, y, z, x * y]
    tail = items[1:]
    back = items[::-1]
    return tail[0] * back[0] + items[-2:][0]


def list_slices_of_lists(x, y, z):
    """Harder: an item of a slice, of lists."""
    items = [[x, y], [z, x * y]]
    return items[1:][0][1] * items[:2][-1][0] + items[::2][0][0] ** 2


def tuple_display(x, y):
    """Tuple displays"""
    pair = (x * y, y)
    more = pair + (x,)
    return more[0] * more[1] + more[2] ** 2


def dict_display(x, y):
    """Dict displays"""
    p = {"gain": x * y, "offset": y}
    return p["gain"] ** 2 + p["offset"] * x


def dict_display_with_star(x, y):
    """Harder: merged, with integer keys."""
    p = {"a": x, 2: y}
    q = {**p, "a": x * y}
    r = p | {"c": x**2}
    return q["a"] * q[2] + r["c"] * r["a"]


def nested_displays(x, y, v):
    """Nested displays"""
    state = {"pos": [x, y], "vel": (v, {"m": x * y})}
    position = state["pos"]
    velocity, rest = state["vel"]
    return position[0] * rest["m"] + np.sum(velocity**2) * position[1]


# ---------------------------------------------------------------- comprehensions


def list_comprehension(x, v):
    """`[e for item in items]`"""
    squares = [x * item**2 for item in v]
    return squares[0] * squares[1] + sum(squares)


def list_comprehension_to_array(x, n):
    """Harder: an array from it, over a range."""
    a = np.array([x**k for k in range(n)])
    return np.sum(a**2)


def list_comprehension_of_nothing(x, v):
    """Harder: of nothing."""
    none = [item * x for item in v if item > 100.0]
    return sum(none) + x**2 + len(none)


def nested_comprehension(x, M):
    """Nested comprehensions"""
    table = [[x * item**2 for item in row] for row in M]
    return table[0][1] * table[1][0] + sum(sum(row) for row in table)


def comprehension_of_two_clauses(x, v, u):
    """Harder: two clauses, the second depending on the first."""
    products = [v[i] * u[j] * x for i in range(3) for j in range(i)]
    return sum(products) + products[0] ** 2


def conditional_comprehension(x, u):
    """Comprehensions with conditions"""
    kept = [x * item for item in u if item > 0.0]
    return sum(kept) * kept[0]


def conditional_comprehension_and_ternary(x, u):
    """Harder: two conditions and a ternary."""
    kept = [x * i if i > 0.3 else i**2 for i in u if i > -0.4 if i < 1.0]
    return sum(kept) ** 2


def dict_comprehension(x, p):
    """`{key: e for ...}`

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    scaled = {key: value * x for key, value in p.items()}
    return scaled["a"] * scaled["b"]


def dict_comprehension_of_numbers(x, n):
    """Harder: with integer keys."""
    powers = {k: x**k for k in range(n)}
    return powers[1] * powers[2] + powers[0]


def generator_expression(x, v):
    """`sum(e for ...)`"""
    return sum(x * item**2 for item in v)


def generator_expression_over_pairs(x, u, v):
    """Harder: over pairs, with a start."""
    return sum((a * b * x for a, b in zip(u, v)), x)


def comprehension_shadows(x, v):
    """Harder: its variable has a name of the function's."""
    item = x * 2.0
    parts = [item**2 for item in v]
    return item * sum(parts)


def set_comprehension(x, n):
    """Harder: a set, which holds nothing active."""
    kinds = {k % 2 for k in range(n)}
    return x ** len(kinds)


# ---------------------------------------------------------------- functions of Python


def builtin_sum(x, y):
    """`sum`"""
    return sum([x * y, y, x]) ** 2 + sum((x, y), 1.0)


def builtin_sum_of_an_array(x, v, M):
    """Harder: of an array, of rows, of a slice."""
    rows = sum(M)
    return sum(v * x) + np.sum(rows**2) + sum(v[1:], x)


def builtin_min_max(x, y, z):
    """`min` and `max`"""
    return max(x, y, z) * min(x * y, z) + max([x, z * z]) + min((y, x))


def builtin_min_max_of_an_array(x, v):
    """Harder: of an array, and with a default and a key."""
    return max(v) * min(v * x) + max([], default=x) + max(list(v), key=abs) ** 2


def builtin_abs(z, v):
    """`abs`"""
    return abs(z) * z + np.sum(abs(v) * v)


def builtin_len(x, v, M):
    """`len`"""
    return x ** len(v) + len(M) * x + len([x, x]) * x


def builtin_range(x, n):
    """`range` as a value"""
    steps = range(1, n + 1)
    return sum(x**k for k in steps) * len(steps) + steps[0] * x


def builtin_round(x, y):
    """`round`"""
    return round(3.3 * x) * y + round(y, 1) * x


def builtin_float(x, n):
    """`float`"""
    return float(x) ** 2 * float(n) + float("0.5") * x


def builtin_int(x, y):
    """`int`"""
    return int(4.0 * x) * y + int("2") * x


def builtin_bool(x, y):
    """`bool`"""
    return bool(x) * y + x * (bool(y) + 1)


def builtin_sorted(x, y, z):
    """`sorted`"""
    low, middle, high = sorted([x, y, z])
    return low + 2.0 * middle**2 + 3.0 * high**3


def builtin_sorted_by_key(u, x):
    """Harder: of an array, by a key, from the largest."""
    items = sorted(u * x, key=abs, reverse=True)
    return items[0] ** 2 + 2.0 * items[1] + items[4]


def builtin_sorted_of_a_dict(x, y):
    """Harder: of a dict, which gives its keys, and of its items."""
    p = {"b": x, "a": y, "c": x * y}
    s = 1.0
    for key in sorted(p):
        s = s * p[key] + x
    for _, value in sorted(p.items()):
        s = s + value * s
    return s


def builtin_any_all(x, v):
    """`any` and `all`"""
    if any(item < 0.0 for item in v) and not all(v > 0.0):
        return x * np.sum(v**2)
    return x


def builtin_map(x, v):
    """`map`"""
    return sum(map(lambda item: x * item**2, v)) + sum(map(math.sin, [x, x * x]))


def builtin_map_of_two(x, u, v):
    """Harder: over two, with a helper."""
    return sum(map(weighted, u, v)) * x


def weighted(a, b):
    return a * b**2


def builtin_map_in_a_header(x, v):
    """Harder: in the header of a loop, beside others, and of what the loop changes."""
    s = 0.0
    for item in map(lambda a: a * x, v):
        s = s * item + x
    for k, (item, a) in enumerate(zip(map(math.sin, v), v)):
        s = s * item + k * a
        x = x + s
    return s * x


def builtin_filter(x, u):
    """`filter`"""
    return sum(filter(lambda item: item > 0.0, u * x))


def functools_reduce(x, v):
    """`functools.reduce`"""
    return reduce(lambda total, item: total * item + x, v)


def functools_reduce_of_a_helper(x, y):
    """Harder: with a first value, an operator, a function of the module."""
    product = functools.reduce(operator.mul, [x, y, x * y], 1.0)
    return product + functools.reduce(larger, (x, y), x * y)


def larger(a, b):
    return a if a > b else b


def functools_reduce_from_a_start(x, v):
    """Harder: with a start and a function of `operator`."""
    return functools.reduce(operator.mul, v, x)


def functools_partial(x, y):
    """`functools.partial`"""
    scaled = partial(weighted, x)
    return scaled(y) * scaled(x)


def functools_partial_with_keywords(x, y, v):
    """Harder: with keywords, handed to `map`."""
    by_y = partial(weighted, b=y)
    return sum(map(by_y, v)) + by_y(a=x)


def builtin_enumerate_and_zip_as_lists(x, v, u):
    """`list`, `tuple`, `dict` of values"""
    items = list(v)
    pairs = list(zip(items, u))
    table = dict(a=x, b=items[0])
    return pairs[1][0] * pairs[1][1] + table["a"] * table["b"] + tuple(items)[2]


def unzip(pairs, x):
    """Harder: `zip(*pairs)`.

    at: x=0.7, pairs=[(0.4, -1.1), (0.2, 0.5)]
    """
    left, right = zip(*pairs)
    return left[0] * right[1] * x


# ---------------------------------------------------------------- lists


def list_append(x, n):
    """`items.append(e)`"""
    items = []
    s = x
    for _ in range(n):
        s = np.sin(s) * 1.5
        items.append(s)
    return items[0] * items[-1] + sum(items)


def list_append_under_if(x, u):
    """Harder: sometimes, then as an array."""
    kept = [x]
    for item in u:
        if item > 0.0:
            kept.append(item * kept[-1])
    return np.sum(np.array(kept) ** 2)


def list_append_arrays(x, v, n):
    """Harder: arrays, stacked."""
    path = [v]
    for _ in range(n):
        path.append(np.tanh(path[-1] * x))
    return np.sum(np.stack(path) ** 2)


def list_of_the_items_of_another(x, v):
    """Harder: the same arrays in two lists, which change their length."""
    weights = [v * x, v, x * x * v]
    kept = [w for w in weights if w[0] > 0.0]
    kept.insert(0, weights[1])
    last = kept.pop()
    table = {}
    for k, w in enumerate(weights):
        table[k] = w
    return np.sum(weights[0] * kept[0] * kept[1] * last * table[2])


def list_append_an_array_written_later(x, v):
    """Harder: an array that is written afterwards.

    refused: RG402
    """
    a = v * x
    kept = []
    kept.append(a)
    a[0] = x**2
    return np.sum(kept[0] ** 2)


def list_extend(x, y):
    """`items.extend(others)`"""
    items = [x]
    items.extend([x * y, y])
    items += [x**2]
    return items[1] * items[3] + items[2]


def list_pop(x, y):
    """`items.pop()`"""
    items = [x, x * y, y]
    last = items.pop()
    return last * items[-1] + len(items) * x


def list_pop_from_the_front(x, u):
    """Harder: from the front, as a queue."""
    queue = list(u)
    s = x
    while queue:
        s = s * x + queue.pop(0)
        if queue:
            s = s + queue.pop()
    return s


def list_as_stack(x, n):
    """Harder: pushed and taken in turn."""
    stack = [x]
    for k in range(n):
        top = stack.pop()
        stack.append(top * x)
        stack.append(top + k)
    total = 0.0
    while stack:
        total = total * x + stack.pop()
    return total


def list_insert(x, y):
    """`items.insert(i, e)`"""
    items = [x, y]
    items.insert(1, x * y)
    items.insert(0, 2.0)
    return items[1] * items[2] + items[3]


def list_store(x, y, n):
    """`items[i] = e`"""
    items = [0.0] * n
    for k in range(n):
        items[k] = x**k * y
    items[0] += x
    return items[0] * items[1] + items[2] ** 2


def list_store_read_before(x, y):
    """Harder: read before and after."""
    items = [x, y]
    before = items[0] * items[1]
    items[0] = items[1] ** 2
    items[-1] *= x
    return before + items[0] * items[1]


def list_of_lists(x, n):
    """Harder: a table of lists."""
    table = [[0.0] * 2 for _ in range(n)]
    for k in range(n):
        table[k][k % 2] = x**k
    table[1][0] += x
    return sum(a * b + b for a, b in table)


def list_delete_and_reverse(x, y, z):
    """Harder: `del items[i]`, `reverse`, `clear`, `copy`."""
    items = [x, y, z]
    others = items.copy()
    del items[1]
    items.reverse()
    others.clear()
    return items[0] * items[1] ** 2 + len(others)


def list_through_an_alias(x, y):
    """Harder: through a second name."""
    items = [x, y]
    same = items
    same[0] = x * y
    same.append(x**2)
    return items[0] * items[2]


# ---------------------------------------------------------------- dicts


def dict_store(x, y):
    """`d[key] = e`"""
    p = {"a": x}
    p["b"] = x * y
    p["a"] = p["a"] * y
    p["b"] += x
    return p["a"] * p["b"]


def dict_store_in_loop(x, p):
    """Harder: all entries of a parameter, in a loop.

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    for key in p:
        p[key] = p[key] * x
    return p["a"] * p["b"]


def dict_store_of_integers(x, n):
    """Harder: keys that are computed: memoised values."""
    memo = {0: x, 1: x**2}
    for k in range(2, n + 2):
        memo[k] = memo[k - 1] * x + memo[k - 2]
    return memo[n + 1]


def dict_update(x, y):
    """`d.update(other)`"""
    p = {"a": x, "b": y}
    p.update({"b": x * y})
    p.update(c=x**2)
    return p["a"] * p["b"] + p["c"]


def dict_get(x, p):
    """`d.get(key, default)`

    at: x=0.7, p={"a": 0.4}
    """
    return p.get("a", 1.0) * x + p.get("b", x) ** 2


def dict_values_and_items_as_lists(x, y):
    """Harder: `values` and `items` outside a loop's header."""
    p = {"b": x, "a": y, "c": x * y}
    pairs = list(p.items())
    return pairs[0][1] * max(p.values()) + sum(p.values()) * len(list(p.keys()))


def dict_contains(x, p):
    """Harder: `in`, `setdefault` and `pop`.

    at: x=0.7, p={"a": 0.4, "b": 1.1}
    """
    s = p["a"] * x if "a" in p else x
    p.setdefault("c", x**2)
    if "d" not in p:
        s = s * p.pop("b")
    return s + p["c"]
