"""Lists and dicts that grow, shrink and change: each program against finite differences."""

import numpy as np
import pytest

from tests.passes.judge import judge

X = np.array([0.3, -0.7, 1.1, 0.4])
A = np.array([[0.3, -0.7, 0.2], [1.1, 0.4, -0.9]])

PROGRAMS = {
    "calls in what a loop goes through": (
        """
        def scaled(a, u):
            return a * np.sum(u * u)

        def f(x):
            items = [0.1]
            items.extend([scaled(0.5, x), 0.4])
            s = 0.0
            for v in [scaled(x[1], x), x[0]]:
                s += v * v
            for a, b in zip((scaled(0.5, x), 2.0), (1.0, x[0])):
                s += a * b
            return sum(items) * s
        """,
        (X,),
        1,
    ),
    "a list that came as an argument, extended": (
        """
        def f(items, x):
            items += [x * x]
            return sum(items) * items[0]
        """,
        ([0.4, 1.3], 0.7),
        2,
    ),
    "an argument of a helper that is replaced there": (
        """
        def half(a, b):
            b = 0.5
            return a * b

        def f(x):
            items = [0.5 for q in x]
            items.append(half(x[1], x))
            return np.mean(x) + sum(items) * half(0.5, x)
        """,
        (X,),
        1,
    ),
    "an argument that is replaced before it is used": (
        """
        def f(x, u):
            u = np.array([x, x * x])
            return np.sum(u)
        """,
        (0.7, X),
        2,
    ),
    "a list filled and summed": (
        """
        def f(x):
            ys = []
            for v in x:
                ys.append(v * v)
            return sum(ys) * ys[-1]
        """,
        (X,),
        1,
    ),
    "a recurrence in a list": (
        """
        def f(x, n):
            ys = [x, x * x]
            for k in range(n):
                ys.append(ys[-1] * ys[-2] + ys[k])
            return ys[-1] + ys[2]
        """,
        (0.7, 4),
        1,
    ),
    "states of a recurrence, stacked": (
        """
        def f(w, x):
            h = np.zeros(3)
            hs = []
            for k in range(len(x)):
                h = np.tanh(w * h + x[k])
                hs.append(h)
            return np.sum(np.stack(hs) ** 2) + np.sum(hs[0])
        """,
        (0.7, A),
        2,
    ),
    "comprehensions over all sorts": (
        """
        def f(x):
            ys = [v * v for v in x if v > 0.0]
            zs = [a * b for a, b in zip(ys, x)]
            ws = [(k, a) for k, a in enumerate(zs)]
            return sum([k * a + a for k, a in ws]) + np.sum(np.array(ys))
        """,
        (X,),
        1,
    ),
    "a matrix built by comprehensions": (
        """
        def f(x, n):
            m = np.array([[np.sin(a * (k + 1)) for k in range(n)] for a in x])
            return np.sum(m @ m.T)
        """,
        (X, 3),
        1,
    ),
    "rows of different length": (
        """
        def f(x):
            rows = [[v * w for w in x[k:]] for k, v in enumerate(x)]
            return sum(sum(row) * row[0] for row in rows)
        """,
        (X,),
        1,
    ),
    "a stack": (
        """
        def f(x):
            stack = [x]
            total = 0.0
            n = 0
            while stack:
                v = stack.pop()
                total = total + v * v
                n = n + 1
                if n < 6:
                    stack.append(v * 0.5)
                    stack.append(v * x)
            return total
        """,
        (0.7,),
        1,
    ),
    "a queue of arrays": (
        """
        def f(x):
            queue = [x, 2.0 * x]
            total = 0.0
            for k in range(4):
                v = queue.pop(0)
                total = total + np.sum(v * v)
                queue.append(np.sin(v) * x)
            return total + np.sum(queue[0] * queue[-1])
        """,
        (X,),
        1,
    ),
    "insert, pop from the middle, delete": (
        """
        def f(x, y):
            xs = [x, y, x * y]
            xs.insert(1, x * x)
            xs.insert(-1, y * y)
            xs.insert(99, x)
            m = xs.pop(2)
            n = xs.pop(-2)
            del xs[0]
            return m * n + xs[0] * xs[1] * xs[2]
        """,
        (0.7, 1.3),
        2,
    ),
    "extend, plus, repeat": (
        """
        def f(x, y):
            xs = [x]
            xs.extend([y, x * y])
            xs += [x * x]
            ys = xs + [y] * 2
            zs = ys * 2
            return sum(zs) * zs[3] + ys[1]
        """,
        (0.7, 1.3),
        2,
    ),
    "spread into displays": (
        """
        def f(x, y):
            a = [x, *[y, x * y], *(x, y)]
            b = (*a, y * y)
            return a[1] * b[-1] + sum(a) * b[2]
        """,
        (0.7, 1.3),
        2,
    ),
    "preallocated": (
        """
        def f(x, n):
            ys = [0.0] * n
            zs = [None] * n
            for k in range(n):
                ys[k] = x ** (k + 1)
                zs[k] = ys[k] * x
            ys[1] += x
            ys[0] = 2.0 * ys[0] * ys[1]
            return sum(ys) * zs[n - 1]
        """,
        (0.7, 4),
        1,
    ),
    "sorted, reversed, extremes by key": (
        """
        def f(x):
            up = sorted(x)
            down = sorted(x, key=abs, reverse=True)
            far = max(x, key=abs)
            near = min([v * v for v in x])
            back = list(reversed(up))
            return up[0] * down[0] + far * near + back[1] * up[1]
        """,
        (X,),
        1,
    ),
    "sorted and reversed in place": (
        """
        def f(x):
            ys = [v * v for v in x]
            ys.sort()
            z = ys[0]
            ys.reverse()
            return ys[0] * z + ys[1]
        """,
        (X,),
        1,
    ),
    "a dict with known keys": (
        """
        def f(x, y):
            d = {"a": x}
            d["b"] = y * x
            d["a"] += y
            d.update(c=x * y, a=d["a"] * 2.0)
            e = {**d, "b": x, "z": y}
            return d["a"] * d["b"] * d["c"] + e["b"] * e["a"] + e["z"]
        """,
        (0.7, 1.3),
        2,
    ),
    "a dict that counts": (
        """
        def f(x, keys):
            d = {}
            for k, v in zip(keys, x):
                d[k] = d.get(k, 0.0) + v * v
            return d["a"] * d["b"]
        """,
        (X, ["a", "b", "a", "b"]),
        1,
    ),
    "a memo": (
        """
        def f(x, n):
            memo = {0: x, 1: x * x}
            for k in range(2, n):
                if k not in memo:
                    memo[k] = memo[k - 1] * memo[k - 2] + x
            return memo[n - 1]
        """,
        (0.7, 5),
        1,
    ),
    "pairs in a list, taken apart": (
        """
        def f(x):
            results = []
            for v in x:
                results.append((v * v, 2.0 * v))
            total = 0.0
            for a, b in results:
                total = total + a * b
            return total + results[0][1]
        """,
        (X,),
        1,
    ),
    "lists that are emptied and filled again": (
        """
        def f(x, n):
            total = 0.0
            buffer = []
            for k in range(n):
                buffer.append(x * (k + 1))
                if len(buffer) > 2:
                    total = total + buffer[0] * buffer[1] * buffer[2]
                    buffer.clear()
            return total + sum(buffer)
        """,
        (0.7, 8),
        1,
    ),
    "a window that slides": (
        """
        def f(x, n):
            window = [0.0, 0.0, 0.0]
            total = 0.0
            for v in x:
                window.append(v * v)
                window.pop(0)
                total = total + window[0] * window[2]
            return total
        """,
        (X, 3),
        1,
    ),
    "a copy goes its own way": (
        """
        def f(x, y):
            a = [x, y]
            b = a.copy()
            b[0] = x * y
            c = a[:]
            c.append(y)
            d = list(a)
            d[1] *= 3.0
            return a[0] * b[0] + c[1] * c[2] + d[1] * a[1]
        """,
        (0.7, 1.3),
        2,
    ),
    "a list that grows by its own last item": (
        """
        def f(xs, n):
            for k in range(n):
                xs.append(xs[-1])
                xs.append(xs[0] * xs[-1])
            return sum(xs)
        """,
        ([0.7, 1.3], 3),
        1,
    ),
    "a parameter that grows": (
        """
        def f(xs, y):
            xs.append(y * xs[0])
            xs[1] = xs[1] * y
            return xs[-1] * xs[1] + xs[0]
        """,
        ([0.7, 1.3], 0.4),
        2,
    ),
    "cumulative products": (
        """
        def f(x):
            p = 1.0
            ps = [p := p * v for v in x]
            return np.mean(np.array(ps))
        """,
        (X,),
        1,
    ),
}

#: Where nothing is known of the arguments, they may share memory with what is written.
NEED_TYPES = {
    "a list that came as an argument, extended",
    "a dict with known keys",
    "a copy goes its own way",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name: str) -> None:
    judge(*PROGRAMS[name], needs_types=name in NEED_TYPES)
