"""Control flow: branches, loops of every sort, and the ways out of them."""

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    u=np.array([0.2, -0.5, 1.1, 0.8, -0.3]),
    M=np.array([[0.3, -0.6, 0.9], [1.2, 0.5, -0.4]]),
    T=np.linspace(-1.0, 1.2, 12).reshape(2, 2, 3),
    n=3,
    none=0,
)

# ---------------------------------------------------------------- if


def branch(x, y):
    """`if` and `else`"""
    if x > y:
        z = x * y
    else:
        z = np.sin(x) * y
    return z**2


def branch_without_else(x, y):
    """Harder: no `else`, and the condition's operands change."""
    z = y
    if x < y:
        x = x * y
        z = x**2
    return x * z


def branches_nested(x, y):
    """Nested `if`"""
    z = x
    if x > 0.0:
        if y > 1.0:
            z = z * y
        else:
            z = z + y
    return z * x


def branches_elif(x, y):
    """Harder: `elif`, with an assignment to what the next condition reads."""
    z = x * x
    if z > 4.0:
        z = 1.0
    elif z > y:
        z = z * y
    elif z < 0.5:
        z = z * z + y
    else:
        z = y
    return z * x


def truth_of_a_number(x, y, n):
    """`if n:`, the truth of a value"""
    if n:
        x = x * y
    if not x - 100.0:
        x = 0.0
    return x * x


# ---------------------------------------------------------------- loops


def loop(x, n):
    """`for` over a range"""
    s = 1.0
    for k in range(n):
        s = s * x + k
    return s


def loop_zero_trips(x, none):
    """Harder: zero trips."""
    s = x * x
    for k in range(none):
        s = s * x + k
    return s


def loops_nested(x, n):
    """Nested `for`"""
    s = x
    for j in range(n):
        for k in range(j):
            s = np.sin(s) + x * k
    return s


def loops_nested_triangle(x, u):
    """Harder: the inner bound depends on the outer index."""
    total = 0.0
    for i in range(len(u)):
        for j in range(i + 1, len(u)):
            total += x / (1.0 + (u[i] - u[j]) ** 2)
    return total


def while_loop(x, y):
    """`while`"""
    s = x
    while s < 5.0:
        s = s * (1.0 + y)
    return s


def while_not_entered(x, y):
    """Harder: not entered."""
    s = x * y
    while s > 100.0:
        s = s / 2.0
    return s**2


def while_in_for(x, n):
    """Harder: inside `for`, with a value that goes on."""
    s = x
    for k in range(n):
        while s < k + 1.0:
            s = s * 1.7 + x
        s = s - 0.9
    return s


def while_newton(x, y):
    """Trip counts that depend on values"""
    guess = y
    while abs(guess * guess - x) > 1e-12:
        guess = 0.5 * (guess + x / guess)
    return guess


def while_newton_to_a_tolerance(x, v):
    """Harder: another count for each entry."""
    total = 0.0
    for target in v**2 + 0.1:
        root, steps = x, 0
        while abs(root**2 - target) > 1e-13 and steps < 60:
            root = root - (root**2 - target) / (2.0 * root)
            steps += 1
        total += root
    return total


def loop_range_of_int_of_value(x, y):
    """Harder: a range up to the integer part of a value."""
    s = x
    for _ in range(int(3.0 * y)):
        s = s * y
    return s


# ---------------------------------------------------------------- ways out of loops


def loop_break(x, u):
    """`break`"""
    total = 0.0
    for item in u:
        if item > 1.0:
            break
        total = total + x * item**2
    return total


def loop_break_with_work(x, u):
    """Harder: with work on the way out, and an overwritten condition."""
    total = x
    for item in u:
        total = total * item + x
        if total > 0.6:
            total = total**2
            break
        total = total - 0.1
    return total * x


def loop_break_of_the_inner(x, M):
    """Harder: out of the inner loop only."""
    total = x
    for row in M:
        for item in row:
            if item > 0.8:
                break
            total = total * x + item
        total = total + row[0] ** 2
    return total


def loop_break_at_once(x, v):
    """Harder: in the first iteration, before anything is done."""
    s = x
    for item in v:
        if item > 0.0:
            break
        s = s * item
    return s**2


def loop_break_in_while(x, y):
    """`while True` with `break`"""
    s = x
    while True:
        s = s * y + 0.3
        if s > 4.0:
            break
    return s**2


def loop_continue(x, u):
    """`continue`"""
    total = 0.0
    for item in u:
        if item < 0.0:
            continue
        total = total + x * item**2
    return total


def loop_continue_after_work(x, u):
    """Harder: after a change that stays."""
    total = x
    for item in u:
        total = total * item
        if total < 0.0:
            total = total + x
            continue
        total = np.sin(total)
    return total


def loop_continue_in_while(x, n):
    """Harder: in `while`."""
    k, s = 0, x
    while k < n:
        k += 1
        if k == 2:
            continue
        s = s * x + k
    return s


def loop_break_and_continue(x, u, y):
    """`break` and `continue` in one loop"""
    total = 0.0
    for k, item in enumerate(u):
        if item < 0.0:
            continue
        if total > y:
            break
        total += x * item + k
    return total * x


def loop_else(x, v):
    """`for ... else`"""
    total = x
    for item in v:
        if item > 5.0:
            break
        total = total * item
    else:
        total = total + x**2
    return total


def loop_else_not_reached(x, v):
    """Harder: left by `break`, so `else` does not run."""
    total = x
    for item in v:
        total = total * item
        if item < 0.0:
            break
    else:
        total = 100.0 * total
    return total


def while_else(x, n):
    """`while ... else`"""
    k, s = 0, x
    while k < n:
        s = s * x + 0.5
        k += 1
        if s > 100.0:
            break
    else:
        s = s**2
    return s


def early_return(x, y):
    """`return` before the end"""
    if x > y:
        return x * y
    z = np.sin(x)
    return z * y


def early_returns_nested(x, y):
    """Harder: from nested branches."""
    if x > 0.0:
        z = x * y
        if z > 0.5:
            return z**2
        z = z + 1.0
    else:
        return y
    return z * x


def return_in_loop(x, u):
    """`return` inside a loop"""
    total = x
    for item in u:
        total = total * item + x
        if total > 1.0:
            return total**2
    return total


def return_in_loop_taken(x, v):
    """Harder: taken, with an array on the way."""
    a = v * x
    for k in range(3):
        if a[k] < 0.0:
            return np.sum(a) * a[k]
        a = a * v
    return np.sum(a)


def return_in_nested_loops(x, M):
    """`return` inside nested loops"""
    total = x
    for row in M:
        for item in row:
            total = total * item + x
            if total > 1.2:
                return total * item
        total += row[0]
    return total


def return_in_while_in_for(x, u, y):
    """Harder: from `while` in `for`, or from neither."""
    s = x
    for item in u:
        k = 0
        while k < 2:
            s = s + item * y
            if s > 2.5:
                return s * x
            k += 1
        s = s * 0.9
    return s**2


# ---------------------------------------------------------------- match


def match_numbers(x, n):
    """`match` on literals"""
    match n:
        case 1:
            z = x
        case 2 | 3:
            z = x**2
        case _:
            z = 0.0
    return z * x


def match_text(x, method):
    """Harder: on text, in a loop.

    at: x=0.7, method="heun"
    """
    y = 1.0
    for _ in range(3):
        match method:
            case "euler":
                y = y + 0.1 * x * y
            case "heun":
                guess = y + 0.1 * x * y
                y = y + 0.05 * x * (y + guess)
    return y


# ---------------------------------------------------------------- what a loop goes through


def range_with_step(x, u):
    """`range(start, stop, step)`"""
    s = x
    for k in range(1, len(u), 2):
        s = s * u[k] + x
    return s


def range_with_negative_step(x, u):
    """Harder: a negative step, and one that is a variable."""
    s = x
    step = -2
    for k in range(len(u) - 1, -1, -1):
        s = s * u[k] + x
    for k in range(4, 0, step):
        s = s * x + u[k]
    return s


def range_that_is_empty(x, u):
    """Harder: bounds the wrong way round."""
    s = x**2
    for k in range(3, 1):
        s = s * u[k]
    for k in range(0, 3, -1):
        s = s * u[k]
    return s


def reversed_range(x, u):
    """`reversed(...)`"""
    s = x
    for k in reversed(range(len(u))):
        s = s * x + u[k]
    return s


def reversed_array_and_list(x, y, v):
    """Harder: of an array and of a list."""
    s = x
    for item in reversed(v):
        s = s * x + item
    for item in reversed([x, y]):
        s = s * y + item
    return s


def over_array(x, v):
    """`for item in array`"""
    s = x
    for item in v:
        s = s * item + x
    return s


def over_array_that_changes(x, v):
    """Harder: the name is given another array inside."""
    s = x
    for item in v:
        v = v * item
        s = s + item * np.sum(v)
    return s


def over_rows(x, M):
    """`for row in matrix`"""
    s = x
    for row in M:
        s = s * np.sum(row**2) + row[0]
    return s


def over_three_axes(x, T):
    """Harder: three axes, down to numbers."""
    s = x
    for block in T:
        for row in block:
            for item in row:
                s = np.sin(s) + item**2
    return s


def over_empty_array(x, e):
    """Harder: an array without entries.

    at: x=0.7, e=np.zeros(0)
    """
    s = x**2
    for item in e:
        s = s * item
    return s


def over_list(x, layers):
    """`for item in list`

    at: x=0.7, layers=[np.array([0.4, -1.1]), np.array([0.2, 0.5])]
    """
    s = x
    for layer in layers:
        s = s * np.sum(layer) + layer[0]
    return s


def over_list_made_here(x, y):
    """Harder: a list made here."""
    s = 1.0
    for factor in [x, y, x * y]:
        s = s * factor + x
    return s


def over_list_of_pairs(x, pairs):
    """Harder: a list of pairs, unpacked.

    at: x=0.7, pairs=[(0.4, -1.1), (0.2, 0.5)]
    """
    s = x
    for weight, offset in pairs:
        s = np.tanh(s * weight + offset)
    return s


def over_tuple(x, y):
    """`for item in tuple`"""
    s = 0.0
    for factor in (x, y, 2.0):
        s = s * factor + factor**2
    return s


def over_text(x, p):
    """Harder: a tuple of keys.

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    s = x
    for key in ("a", "b"):
        s = s * x + p[key] ** 2
    return s


def over_dict_items(x, p):
    """`for key, value in d.items()`

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    s = x
    for name, value in p.items():
        s = s * value if name == "a" else s + value**2
    return s


def over_dict_items_made_here(x, y):
    """Harder: of a dict made here."""
    s = 0.0
    for name, value in {"drag": x, "lift": x * y}.items():
        s += value**2 * len(name)
    return s


def over_dict_keys(x, p):
    """`for key in d.keys()`

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    s = x
    for key in p.keys():
        s = s + p[key] ** 2
    return s


def over_dict(x, p):
    """Harder: `for key in d`.

    at: x=0.7, p={"a": 0.4, "b": -1.1}
    """
    s = x
    for key in p:
        s = s * p[key]
    return s


def over_dict_values(x, p):
    """`for value in d.values()`

    at: x=0.7, p={"a": np.array([0.4, 0.1]), "b": np.array([-1.1, 0.2])}
    """
    s = x
    for value in p.values():
        s = s * np.sum(value**2)
    return s


def over_zip(x, u, v):
    """`zip`"""
    s = x
    for a, b in zip(u, v):
        s = s * a + b
    return s


def over_zip_of_three(x, u, v, M):
    """Harder: of three, of unequal lengths."""
    s = x
    for a, b, row in zip(u, v, M, strict=False):
        s = s * a + b * np.sum(row)
    return s


def over_enumerate(x, v):
    """`enumerate`"""
    s = x
    for k, item in enumerate(v):
        s = s * x + k * item
    return s


def over_enumerate_from_one(x, v):
    """Harder: from 1."""
    s = x
    for k, item in enumerate(v, start=1):
        s = s + item**k
    for k, item in enumerate(v, 2):
        s = s + item * k
    return s


def nested_targets(x, u, v):
    """Nested unpacking in targets"""
    s = x
    for k, (a, b) in enumerate(zip(u, v)):
        s = s * a + k * b
    return s


def nested_targets_of_a_list(x, points):
    """Harder: of nested tuples, with a star.

    at: x=0.7, points=[((0.4, -1.1), 0.3), ((0.2, 0.5), 0.8)]
    """
    s = x
    for (a, b), *rest in points:
        s = s * a + b * rest[0]
    return s


def loop_variable_afterwards(x, v):
    """The loop's variable used after the loop"""
    s = x
    for item in v:
        s = s * item
    return s + item**2


def loop_index_afterwards(x, u):
    """Harder: the index after `break`."""
    for k in range(len(u)):
        if u[k] > 1.0:
            break
    return u[k] * x + k * x


def loop_variable_overwritten(x, v):
    """Harder: overwritten in the body."""
    s = x
    for item in v:
        item = item * x
        s = s + item**2
        item *= s
        s = s + item
    return s


def bound_overwritten(x, n):
    """Harder: the bound of the range changes inside."""
    s = x
    for _ in range(n):
        n = n + 5
        s = s * x + n
    return s


def reversed_list_of_zip(x, v):
    """Harder: `reversed(list(zip(...)))`, and of `enumerate`."""
    s = 0.0
    for a, b in reversed(list(zip(v, [x, x * x, 1.0]))):
        s = s * a + b
    for k, a in reversed(list(enumerate(v))):
        s = s + k * a * s
    return s


def over_generator(x, v):
    """Harder: a generator expression."""
    s = x
    for square in (item**2 for item in v):
        s = s * square + x
    return s


def over_ndindex(x, M):
    """Harder: `np.ndindex`."""
    s = x
    for r, c in np.ndindex(2, 3):
        s = s + x * M[r, c] ** 2
    return s
