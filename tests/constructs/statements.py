"""Statements with no derivative: they run once, in the forward sweep, and nowhere else."""

import logging
import sys
import time
import warnings

import numpy as np

AT = dict(
    x=0.7,
    y=1.3,
    v=np.array([0.4, -1.1, 0.9]),
    n=3,
)

logger = logging.getLogger("constructs")


def printing(x, y):
    """`print(...)`"""
    s = x * y
    print("s is", s, f"and x {x:.2f}")
    return s * s


def printing_in_loop(x, v):
    """Harder: in a loop, of what is overwritten."""
    for k, item in enumerate(v):
        x = x * item
        print(k, x, sep=": ", end=";\n")
    return x


def printing_under_if(x, y):
    """Harder: under `if`, to standard error, in a helper."""
    if x < y:
        print("small")
    else:
        print("large", file=sys.stderr)
    return announced(x) * y


def announced(a):
    print("called with", a)
    return a * a


def assertion(x, v):
    """`assert`"""
    assert x > 0.0
    assert len(v) == 3, f"three entries, and {len(v)} came"
    return np.sum(v**2) * x


def assertion_that_fails(x, y):
    """Harder: one that fails, in the gradient as in the function."""
    s = x * y
    assert s > 100.0, f"too small: {s:.3f}"
    return s * s


def raising(x, y):
    """`raise`"""
    if x < 0.0:
        raise ValueError("x must be positive")
    return np.sqrt(x) * y


def raising_in_else(x, kind):
    """Harder: as the last of several ways.

    at: x=0.7, kind="square"
    """
    if kind == "square":
        z = x**2
    elif kind == "cube":
        z = x**3
    else:
        raise ValueError(f"unknown kind {kind!r}")
    return z * x


def raising_taken(x, y):
    """Harder: taken, after work was done."""
    s = x
    for k in range(3):
        s = s * y
        if s > 1.0:
            raise OverflowError(f"in step {k}: {s:.4f}")
    return s


class OutOfRange(ValueError):
    """An exception of the user's."""


class Diverged(OutOfRange):
    """One that is given more."""

    def __init__(self, step, value):
        super().__init__(f"step {step}: {value:.3f}")
        self.step = step


def raise_of_a_class_of_ones_own(x, n):
    """Harder: exceptions of the user's own classes."""
    s = x
    for k in range(n):
        s = s * x + 1.0
        if s > 100.0:
            raise Diverged(k, value=s)
        if s < 0.0:
            raise OutOfRange
    return s


def exception_that_is_not_raised(x):
    """Harder: one that is made, and asked for what it was given.

    refused: RG303
    """
    problem = OutOfRange(x)
    return problem.args[0] * x


def raise_that_happens(x, n):
    """Harder: one that is raised.

    at: x=9.0, n=4
    """
    s = x
    for k in range(n):
        s = s * x + 1.0
        if s > 100.0:
            raise Diverged(k, value=s)
    return s


def logging_calls(x, y):
    """Logging"""
    s = x * y
    logger.warning("s is %.3f", s)
    logging.getLogger("constructs").error("again %s", s)
    return s**2


def logging_in_loop(x, n):
    """Harder: in a loop, of a guarded message."""
    for k in range(n):
        x = np.sin(x)
        if k % 2 == 0:
            logger.warning("step %d: %r", k, float(x))
    return x


def warning(x, y):
    """`warnings.warn`"""
    if x < y:
        warnings.warn("x is small", stacklevel=2)
    return x * y


def with_errstate(x, v):
    """`with np.errstate(...)`"""
    with np.errstate(divide="ignore"):
        a = v / x
    return np.sum(a**2)


def with_errstate_around_return(x, v):
    """Harder: around a loop and a return, nested."""
    a = v * x
    with np.errstate(over="ignore"), np.errstate(invalid="ignore"):
        for k in range(3):
            with np.errstate(under="ignore"):
                a = a * np.exp(a[k])
        return np.sum(a)


def with_errstate_that_raises(x, v):
    """Harder: what it asks for holds in the gradient too."""
    with np.errstate(divide="raise"):
        a = v / (x - x)
    return np.sum(a)


def docstring(x, y):
    """Docstrings and lone literals"""
    "A string that nothing reads."
    ...
    s = x * y
    """Another."""
    return s**2


def deletion(x, v):
    """`del name`"""
    a = v * x
    b = a**2
    del a
    return np.sum(b)


def deletion_and_new_life(x, v, n):
    """Harder: in a loop, and the name comes back."""
    s = x
    for k in range(n):
        t = s * v[k]
        s = np.sin(t)
        del t
    t = s * s
    return t


def passing(x, y):
    """`pass`"""
    if x > y:
        pass
    else:
        x = x * y
    for _ in range(2):
        pass
    return x


def import_inside(x, y):
    """Imports inside the function"""
    import math

    s = math.sin(x)
    from math import exp as grow

    return s * grow(y)


def import_inside_branch(x, y):
    """Harder: inside a branch, of a module that the file has too."""
    if x < y:
        import numpy

        x = numpy.tanh(x)
    return x * y


def inactive_calls(x, y):
    """Calls whose values carry nothing: `time.perf_counter()`"""
    start = time.perf_counter()
    s = x * y
    elapsed = time.perf_counter() - start
    if elapsed > 1e9:
        print("slow")
    return s**2


def inactive_file_work(x, names):
    """Harder: work on text and sets.

    at: x=0.7, names=["drag", "lift"]
    """
    known = set(names)
    title = " and ".join(sorted(known)).upper()
    return x ** len(known) * title.count("A")


def comments(x, y):
    """Comments stay where they were"""
    # before
    s = x * y  # behind

    # between
    return s**2  # at the end
