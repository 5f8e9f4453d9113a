"""Programs that random ones were reduced to when something was wrong with them; each is judged in every way."""

import warnings
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from tests.properties.judge import judge
from tests.properties.programs import Program

#: By what was wrong: the function `model`, and its arguments; all floats among them are differentiated.
FOUND: dict[str, tuple[str, dict[str, Any]]] = {
    "a test that its own branch makes false, by taking an item": (
        """
        def model(x, items):
            if len(items) > 1:
                x = items.pop()
            return x * sum(items)
        """,
        {"x": 0.7, "items": [0.5, -0.3]},
    ),
    "a test that its own branch makes false, by an entry more": (
        """
        def model(x):
            table = {"a": x}
            if len(table) < 2:
                table["b"] = x * x
            return table["a"] * table["b"]
        """,
        {"x": 0.7},
    ),
    "rows that stand still, passed on in a loop over them": (
        """
        def half(a):
            return 0.5 * a

        def model(x, n):
            for row in ((1, 2), (3, 4)):
                y = half(row[1])
            return x * y
        """,
        {"x": 0.7, "n": 2},
    ),
    "an inner loop after a loop that was left as the user wrote it": (
        """
        def model(x, items):
            for i in range(1, 3):
                k = 0
                while k < 2:
                    items.insert(0, sum(x * item for item in items))
                    k = k + 1
            return sum(items)
        """,
        {"x": 0.7, "items": [0.5, -0.3]},
    ),
    "views of dicts, walked by builtin functions": (
        """
        import numpy as np

        def model(x, p):
            table = {"gain": 0.4, "shift": x * x}
            best = max(table.values()) * min(p.values())
            for key, value in list(p.items()):
                best = best + value * x
            for key in sorted(p.keys()):
                best = best * p[key]
            if any(p.values()) and "gain" in list(table.keys()):
                best = best * x
            scaled = np.array(list(p.values())) * tuple(p.values())[0]
            return sum(table.values()) + best + np.sum(scaled) + sum(p.values(), x)
        """,
        {"x": 0.5, "p": {"a": 1.0, "b": 0.7}},
    ),
    "keys of a dict among the items of a list": (
        """
        def model(p):
            for key, value in list(p.items()):
                last = value
            return last * last
        """,
        {"p": {"a": 1.0, "b": 0.7}},
    ),
    "a list of another length in each iteration, read behind the loop": (
        """
        def model(x, n):
            for k in range(n):
                items = [k * x for j in range(k + 1)]
            return sum(items)
        """,
        {"x": 0.7, "n": 3},
    ),
    "a list begun anew in some iteration": (
        """
        def model(x, n):
            items = [x]
            s = x
            for k in range(n):
                if k == 1:
                    items = [x * k, x, x * x]
                items.append(x * s)
                s = s + items[-1]
            return sum(items) + s * items[0]
        """,
        {"x": 0.7, "n": 4},
    ),
    "random numbers drawn in some branch only, and in Python's order": (
        """
        import numpy as np

        def model(x):
            rng = np.random.default_rng(36)
            items = [x]
            items.append(x * rng.normal())
            items.append(x if x < 0.1 else x * rng.normal())
            y = rng.normal() * x + (x if x > 2.1 else x * rng.normal()) + rng.normal()
            x = x * rng.normal() if x > 0.5 else x * x
            return sum(items) * y * x * rng.uniform(0.2, 0.9)
        """,
        {"x": 0.7},
    ),
    "an entry that may be missing, passed on": (
        """
        def product(a, b):
            return a * b

        def model(x):
            table = {"gain": 2.0 * x, "shift": 1.3}
            y = product(0.5, table.get("missing", 0.5))
            return product(x, table.get("gain", 0.5)) + y * x
        """,
        {"x": 0.7},
    ),
    "a list made of a list, of which only the first is read": (
        """
        def model(x):
            first = [x, x * x]
            second = [0.5 * item for item in first if item > 0.1]
            for k in range(2):
                if k > 0:
                    second.append(sum([0.7 * item for item in second]))
            return sum(first)
        """,
        {"x": 0.7},
    ),
    "an item of what is surely empty": (
        """
        def model(x):
            items = []
            if items:
                x = items.pop()
            items.append(0.5 * x)
            return x * items[0]
        """,
        {"x": 0.7},
    ),
    "comparisons of arrays that are spread to one another": (
        """
        import numpy as np

        def model(a, b):
            chosen = np.where(np.sum(a, axis=0, keepdims=True) > b, 0.5, b)
            same = chosen
            same *= 0.5
            return np.sum(chosen)
        """,
        {"a": np.array([[0.2, 0.4, 0.1], [0.3, 0.5, 0.6]]), "b": np.array([0.7, -0.4, 1.1])},
    ),
    "a test of a row, which the reverse sweep has no name for": (
        """
        import numpy as np

        def model(x, b, W):
            for row in b:
                W[1] = x
                if row[0] < 0.4:
                    x = 0.5 * x
            return np.sum(W) * x
        """,
        {"x": 0.7, "b": np.array([[0.8, 0.4], [-1.2, 0.3]]), "W": np.array([0.7, -0.4, 1.1])},
    ),
    "a number computed again from a row": (
        """
        import numpy as np

        def model(x, A):
            A = A.copy()
            for row in A:
                s = row[0] * 2.0
                x = x * s
                row[1] = x * s
            return x + np.sum(A ** 2)
        """,
        {"x": 0.7, "A": np.array([[0.8, 0.4], [-1.2, 0.3]])},
    ),
    "another name for entries at a list of places": (
        """
        import numpy as np

        def model(u):
            u = u[[0, 2]]
            part = u
            part += 0.5 * u[0]
            return np.mean(u ** 2)
        """,
        {"u": np.array([0.7, -0.4, 1.1])},
    ),
    "arrays of another length in each iteration, read behind the loop": (
        """
        import numpy as np

        def model(x, n):
            for k in range(1, n):
                v = np.ones(k) * x
                w = v * np.arange(1.0, k + 1.0)
            return np.sum(v) + np.sum(w)
        """,
        {"x": 0.7, "n": 4},
    ),
    "containers in containers, one more in each iteration": (
        """
        def model(x, n):
            nested, pair = [], (x,)
            for k in range(n):
                nested, pair = [nested], (pair, x)
            return x * x * len(nested)
        """,
        {"x": 0.7, "n": 4},
    ),
    "statements that are never reached": (
        """
        def model(x, n):
            never = 0.0
            for i in range(n):
                if i > 1:
                    break
                    never += x
                else:
                    continue
                    never += 1
                x = x * 2.0
            while True:
                x = x * x
                return x
            return never
        """,
        {"x": 0.7, "n": 4},
    ),
    "a loop over a dict behind a call of the function itself": (
        """
        def down(a, depth=2):
            if depth <= 0:
                return a * a
            table = {"gain": 0.4, "shift": 0.5 * a}
            deeper = down(0.8 * a, depth - 1)
            return sum(0.5 * table[key] for key in table) * deeper

        def model(x):
            return down(x) * x
        """,
        {"x": 0.7},
    ),
    "a product of arrays of unknown rank that is a number, put into a dict": (
        """
        import numpy as np

        def model(pair):
            table = {"gain": 0.5, "shift": 0.5, "rate": 0.5}
            table.update({"shift": np.concatenate([pair[1], (1,)]) @ np.ones(4)})
            table.update({"shift": sum(table[key] for key in table)})
            return sum(table.values())
        """,
        {"pair": (1.2, np.array([0.1, 0.2, 0.3]))},
    ),
    "a loop of which only the last value of its variable counts": (
        """
        def changed(x, y):
            x, y = 0.5, y**2
            return y

        def model(x, M):
            s = M[0, 0]
            items = [0.5 for q in [0.5, 0.6] if q]
            for x in items:
                for i, item in enumerate(M, 1):
                    continue
            return changed(x, y=s)
        """,
        {"x": 0.3, "M": np.ones((2, 3))},
    ),
    "factors that are beyond all floats together": (
        """
        import numpy as np

        def model(x):
            return np.sum(np.minimum(x * 1e200 * 1e200, x)) + min(x[0] * 3.0, 1e308 * 100)
        """,
        {"x": np.array([0.7, 1.3, 0.4])},
    ),
    "operators in each other, whose kinds were asked for twice at each level": (
        f"def model(x):\n    return {'x * (0.5 + ' * 30}x{')' * 30}\n",
        {"x": 0.3},
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_found(name: str) -> None:
    source, args = FOUND[name]
    wrt = tuple(name for name, value in args.items() if not isinstance(value, int))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        judge(Program(dedent(source), "model", args, wrt))
