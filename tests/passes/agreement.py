"""Whether the gradient and the tangent that the compiler writes for a program are right."""

import copy
import textwrap

import numpy as np

from retrograd.runtime.checking import compare_gradients
from retrograd.transforms.frontend.read import read_text
from retrograd.transforms.frontend.request import Request
from retrograd.transforms.frontend.values import kind_of_value
from retrograd.transforms.pipeline import compile_module
from tests.loading import load


def check(text, args, count=1, *, typed=True, safe=False, folder):
    """Compare the gradient of the program `text` by its first `count` arguments with differences.

    The function in it is called `f`. Its arguments must come back unchanged.
    """
    source = "import math\nimport numpy as np\n\n\n" + textwrap.dedent(text)
    generated, made = compiled(source, args, count, typed=typed, safe=safe)
    primal = load(folder / "primal.py", source).f
    given = copy.deepcopy(args)
    gradient = getattr(load(folder / "gradient.py", generated), made)(*given)
    np.testing.assert_equal(given, args, "the gradient changed its arguments")
    gradients = (gradient,) if count == 1 else gradient
    found = compare_gradients(fresh(primal), args, gradients, argnums=tuple(range(count)))
    assert all(one.agrees for one in found), [*map(str, found), generated]


def check_tangent(text, args, count=1, *, typed=True, safe=False, folder):
    """Compare the tangent of the program `text` with its gradient, along a direction."""
    source = "import math\nimport numpy as np\n\n\n" + textwrap.dedent(text)
    generated, made = compiled(source, args, count, typed=typed, safe=safe)
    gradient = getattr(load(folder / "gradient.py", generated), made)(*copy.deepcopy(args))
    gradients = (gradient,) if count == 1 else gradient
    pushed, name = compiled(source, args, count, typed=typed, safe=safe, mode="jvp")
    dots = [direction(arg) for arg in args[:count]]
    _, tangent = getattr(load(folder / "tangent.py", pushed), name)(*copy.deepcopy(args), *dots)
    wanted = sum(map(inner, gradients, dots))
    np.testing.assert_allclose(tangent, wanted, rtol=1e-9, atol=1e-12, err_msg=pushed)


def compiled(source, args, count, *, typed, safe, mode="grad"):
    """The text of the derivative of `f` in `source`, and the name of the function in it."""
    program = read_text(source, "f")
    params = program.definition(program.entry).function.params
    kinds = {p.id: kind_of_value(arg) for p, arg in zip(params, args, strict=False)}
    told = tuple(kinds.items()) if typed else ()
    request = Request(tuple(range(count)), mode, told, safe=safe)
    generated, (made,), _ = compile_module(program, [(program.entry, request)])
    return generated, made


def fresh(primal):
    """`primal`, called with copies, for it may write into its arguments."""
    return lambda *args: primal(*copy.deepcopy(args))


def direction(x):
    """A tangent of the structure of `x`."""
    if isinstance(x, dict):
        return {key: direction(item) for key, item in x.items()}
    if isinstance(x, list | tuple):
        return type(x)(direction(item) for item in x)
    return np.cos(1.0 + np.arange(np.size(x))).reshape(np.shape(x))[()]


def inner(a, b):
    """The inner product of two structures."""
    if isinstance(a, dict):
        return sum(inner(item, b[key]) for key, item in a.items())
    if isinstance(a, list | tuple):
        return sum(map(inner, a, b))
    return np.sum(np.multiply(a, b))
