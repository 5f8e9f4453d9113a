"""Ways in which a number could travel past the compiler: each is refused, none gives a zero.

The hunt: what was looked for is the text of each case. What was found open is marked so.
"""

from dataclasses import dataclass

import numpy as np
import pytest
import scipy.sparse

from retrograd import UnsupportedError, grad
from tests.passes.judge import generated, refusal

WAYS = {
    "written as text and read again (was open)": (
        """
        def f(x):
            label = f"{x}"
            return float(label)
        """,
        "RG301",
    ),
    "in one expression": ("def f(x): return float(str(x))\n", "RG301"),
    "by %": ("def f(x): return float('%.9f' % x)\n", "RG301"),
    "by format": ("def f(x): return float('{}'.format(x))\n", "RG301"),
    "as text in a dict": (
        """
        def f(x):
            d = {"a": f"{x}"}
            return float(d["a"])
        """,
        "RG301",
    ),
    "as text through a helper": (
        """
        def told(x):
            return f"{x}"

        def f(x):
            return float(told(x))
        """,
        "RG301",
    ),
    "text joined": ("def f(x): return float('' + str(x) + '0')\n", "RG301"),
    "text cut": ("def f(x): return float(str(x)[:4])\n", "RG301"),
    "text changed by a method": ("def f(x): return float(str(x).strip())\n", "RG303"),
    "text read by another function": ("def f(x): return np.float64(f'{x}') * x\n", "RG301"),
    "text read by a library": (
        "import json\ndef f(x): return json.loads(f'{x}')\n",
        "RG301",
    ),
    "text evaluated": ("def f(x): return eval('x')\n", "RG222"),
    "local names": ("def f(x): return locals()['x']\n", "RG222"),
    "names of an object": ("def f(x, o): return vars(o)['x'] * x\n", "RG222"),
    "given to an object": (
        """
        def f(x, state):
            state.set(x)
            return state.get() * 2.0
        """,
        "RG301",
    ),
    "given to an object by a helper whose value is not used (was open)": (
        """
        def remember(state, x):
            state.set(x)
            return 1.0

        def f(x, state):
            y = remember(state, x)
            return state.get() * 2.0
        """,
        "RG301",
    ),
    "given to an object by a helper called for its effect": (
        """
        def remember(state, x):
            state.set(x)
            return None

        def f(x, state):
            remember(state, x)
            return state.get() * 2.0
        """,
        "RG301",
    ),
    "in a step function": (
        """
        def remember(state, x):
            state.set(x)
            return 1.0

        def f(x, state):
            return int(remember(state, x)) * state.get()
        """,
        "RG301",
    ),
    "given under a name that only logs": (
        "def f(x, state):\n    y = state.log(x)\n    return state.get()\n",
        "RG301",
    ),
    "a method of the value itself": ("def f(x): return x.magnitude()\n", "RG303"),
    "its bytes": ("def f(x): return np.frombuffer(x.tobytes())[0]\n", "RG301"),
    "an attribute": ("def f(x): return x.imag\n", "RG303"),
    "a parameter of a distribution": ("def f(x): return np.random.normal(x, 1.0)\n", "RG301"),
    "of a generator's": ("def f(x, rng): return rng.normal(loc=x)\n", "RG301"),
    "the order of what is drawn": ("def f(x, rng): return rng.permutation(x)[0]\n", "RG301"),
    "shuffled in place": ("def f(x, rng):\n    rng.shuffle(x)\n    return x[0]\n", "RG301"),
    "the module's shuffle": (
        "def f(x):\n    y = x * 2.0\n    np.random.shuffle(y)\n    return y[0]\n",
        "RG301",
    ),
    "a choice": ("def f(x, rng): return rng.choice(x)\n", "RG301"),
    "under a subscript of an object": (
        "class Table:\n    def __getitem__(self, k):\n        return 3.0 * k\n"
        "table = Table()\ndef f(x): return table[x[0]]\n",
        "RG210",
    ),
    "into the real numbers from complex ones": (
        "def f(x: np.ndarray):\n    z = np.zeros(2)\n    z[:] = x[:2] * 1j\n    return np.abs(z[0])\n",
        "RG406",
    ),
    "into what is real in one branch": (
        "def f(x: np.ndarray):\n    z = np.zeros(2)\n    if x[0] > 0:\n        z = z * 1j\n"
        "    z[:] = x[:2] * 1j\n    return np.abs(z[0])\n",
        "RG406",
    ),
    "complex numbers sorted": (
        "def f(x: np.ndarray): return np.abs(np.sort(1j * x)[0])\n",
        "RG225",
    ),
    "complex numbers cut off": (
        "def f(x: np.ndarray): return np.sum(np.asarray(1j * x, dtype=float))\n",
        "RG225",
    ),
    "a complex number of unknown form": (
        "def f(x: np.ndarray):\n    z = np.zeros(2)\n    z[0] = x[0] * 1j\n    return z[0]\n",
        "RG225",
    ),
    "complex numbers of unknown form": ("def f(x): return np.abs(1j * x)\n", "RG225"),
    "into whole numbers by their code": (
        "def f(x):\n    y = np.zeros(2, dtype='i8')\n    y[:] = x[:2]\n    return np.sum(y)\n",
        "RG406",
    ),
    "into whole numbers by an object": (
        "def f(x):\n    y = np.eye(2, dtype=np.dtype('i4'))\n    y[0] = x[:2]\n    return np.sum(y)\n",
        "RG406",
    ),
    "a function without a rule": (
        "def f(x): return np.kaiser(3, x[0])[0]\n",
        "RG301",
    ),
    "through a keyword": ("def f(x): return np.kaiser(3, beta=x[0])[0]\n", "RG301"),
    "a grid of numbers": ("def f(x): return np.sum(np.mgrid[x:5.0])\n", "RG301"),
    "arrays joined by directions in a text": (
        "def f(x): return np.sum(np.r_['0,2', x, x])\n",
        "RG301",
    ),
    "in a container": (
        "import pickle\ndef f(x): return pickle.loads(pickle.dumps([x]))[0]\n",
        "RG301",
    ),
    "getattr": ("def f(x): return getattr(x, 'T')\n", "RG301"),
    "an iterator": ("def f(x): return next(iter(x))\n", "RG226"),
    "a view of a dict that is filled afterwards (was open)": (
        """
        def f(x):
            d = {"a": 0.0}
            values = d.values()
            d["a"] = x * 2.0
            return max(values)
        """,
        "RG402",
    ),
    "the items of a dict that is filled afterwards (was open)": (
        """
        def f(x):
            d, total = {"a": 0.0}, 0.0
            items = d.items()
            d["a"] = x * 2.0
            for _, v in items:
                total += v
            return total
        """,
        "RG402",
    ),
    "multiplied in place": (
        "def f(x, b):\n    np.multiply.at(b, [0], x)\n    return b[0]\n",
        "RG403",
    ),
}


@pytest.mark.parametrize("mode", ["grad", "jvp"])
@pytest.mark.parametrize("way", WAYS)
def test_refused(way, mode):
    program, code = WAYS[way]
    assert refusal(program, mode=mode) == code, generated(program, mode)[0]


class Table:
    """Gives something of its own for a subscript."""

    def __getitem__(self, k: float) -> float:
        return 3.0 * k


TABLE = Table()
MATRIX = np.matrix([[1.0], [2.0]])
SPARSE = scipy.sparse.csr_matrix(np.eye(2))


def of_an_object(x):
    return TABLE[x[0]]


def of_a_matrix(x):
    return np.sum(np.asarray(MATRIX * x))


def of_a_sparse_matrix(x):
    return np.sum(SPARSE * x)


def into_truth_values(x):
    below = ~(x > 0)
    below[0] = x[1]
    return np.sum(below * x)


def into_the_dtype_of_whole_numbers(x, k):
    y = np.zeros(2, dtype=k.dtype)
    y[:] = x
    return np.sum(y * x)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (of_an_object, "RG303"),
        (of_a_matrix, "RG307"),
        (of_a_sparse_matrix, "RG307"),
        (into_truth_values, "RG406"),
        (into_the_dtype_of_whole_numbers, "RG406"),
    ],
)
def test_values_with_arithmetic_of_their_own_are_refused(function, code):
    args = (np.array([0.3, -0.7]), np.arange(2))[: function.__code__.co_argcount]
    with pytest.raises(UnsupportedError, match=code):
        grad(function)(*args)


@dataclass
class Row:
    entries: np.ndarray

    def __getitem__(self, k: int) -> float:
        return 3.0 * self.entries[k]


def of_a_record_made_here(x):
    return Row(x)[0]


def test_a_record_has_no_items():
    with pytest.raises(UnsupportedError, match="RG303"):
        grad(of_a_record_made_here)(np.array([0.3, -0.7]))


def quotient_of_what_has_no_negative(x, n):
    return np.sum(-n / x)


def test_whole_numbers_are_not_negated_again():
    x, n = np.array([0.5, 1.3]), np.array([1, 3], dtype=np.uint8)
    gradient = grad(quotient_of_what_has_no_negative)(x, n)
    assert np.allclose(gradient, -np.array([255.0, 253.0]) / x**2)
