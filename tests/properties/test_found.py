"""Programs that random ones were reduced to when something was wrong with them; each is judged in every way."""

import warnings
from textwrap import dedent
from typing import Any

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
