"""Ways in which a number could travel past the compiler: each is refused, none gives a zero.

The hunt: what was looked for is the text of each case. What was found open is marked so.
"""

import pytest

from tests.passes.judged import generated, refusal

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
    "a function without a rule": (
        "def f(x): return np.kaiser(3, x[0])[0]\n",
        "RG301",
    ),
    "through a keyword": ("def f(x): return np.kaiser(3, beta=x[0])[0]\n", "RG301"),
    "in a container": (
        "import pickle\ndef f(x): return pickle.loads(pickle.dumps([x]))[0]\n",
        "RG301",
    ),
    "getattr": ("def f(x): return getattr(x, 'T')\n", "RG301"),
    "an iterator": ("def f(x): return next(iter(x))\n", "RG226"),
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
