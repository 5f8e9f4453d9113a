"""Writes in place: the shadow of an array follows it, and what they destroy comes back."""

import numpy as np
import pytest

from retrograd.api import gradient_source
from retrograd.transforms.diagnostics.report import UnsupportedError
from tests.passes.judge import judge, refusal

X = np.array([0.3, -0.7, 1.1, 0.4])
M = np.arange(12.0).reshape(3, 4) / 7.0 - 0.6
T = np.arange(24.0).reshape(2, 3, 4) / 11.0 - 0.9

#: What happens; the program; arguments; how many of them to differentiate by.
PROGRAMS = {
    "arrays in a dict, changed in place": (
        """
        def shrink(d):
            d["w"] -= 0.1 * d["w"] ** 2

        def f(x):
            d = {"w": x * 1.5, "b": [x[0], x + 1.0]}
            for _ in range(3):
                shrink(d)
                d["b"][1] *= d["w"]
                d["b"][0] += d["w"][1]
            return np.sum(d["w"] * d["b"][1]) * d["b"][0]
        """,
        (X,),
    ),
    "a subscript that does something, found once": (
        """
        def following(c):
            c[0] += 1
            return c[0]

        def f(x):
            def same(k):
                return k

            i = 0
            y = x * 1.0
            c = [0]
            y[(i := i + 1)] += x[2]
            y[following(c)] *= y[0]
            y[same(2)] += y[1] ** 2
            return y @ x * i * c[0]
        """,
        (X,),
    ),
    "a single element, changed through a view": (
        """
        def f(x):
            y = x.copy()
            c = y[1, ...]
            c += y[0]
            return y @ y
        """,
        (X,),
    ),
    "a choice between numbers that is added to": (
        """
        def f(x):
            total = 0.0
            b = np.where(x[0] > 0, x[0], x[1])
            for v in x:
                b += v * b
                total += b
            return total
        """,
        (X,),
    ),
    "copies made in one line, written later": (
        """
        def f(x):
            past, now = np.copy(x), np.copy(x) if len(x) > 9 else np.copy(x)
            rows = [np.copy(x), np.copy(x)]
            rows.append(np.copy(x))
            rows.append(np.copy(x))
            now[1:] = past[:-1] * x[1:]
            rows[0][1] = now[1] * 3.0
            rows[3][2] = now[2] * 3.0
            return np.sum(now * past) + np.sum(rows[1] * rows[0] + rows[2] * rows[3])
        """,
        (X,),
    ),
    "a helper returns two arrays": (
        """
        def pair(x):
            return x * 2.0, [x * x, x + 1.0]

        def f(x):
            a, (b, c) = pair(x)
            a[0] = 5.0 * b[1]
            b[1:] *= c[1:] * a[0]
            return np.sum(a * b * c)
        """,
        (X,),
        1,
    ),
    "elements are filled one by one": (
        """
        def f(x):
            y = np.zeros(4)
            for i in range(4):
                y[i] = x[i] * x[i]
            return np.sum(y * y)
        """,
        (X,),
    ),
    "an element is overwritten after it was read": (
        """
        def f(x):
            y = x * 2.0
            s = np.sum(y * y)
            y[1] = x[0] ** 3
            return s + np.sum(np.sin(y))
        """,
        (X,),
    ),
    "an element is overwritten by a constant": (
        "def f(x):\n    y = x * x\n    y[2] = 7.0\n    return np.sum(y * x)",
        (X,),
    ),
    "an element that nobody reads again": (
        "def f(x):\n    y = x * x\n    s = np.sum(y * y)\n    y[2] = x[0]\n    return s",
        (X,),
    ),
    "each element is made of the one before": (
        """
        def f(x):
            y = np.zeros(4)
            y[0] = x[0]
            for i in range(1, 4):
                y[i] = np.sin(y[i - 1]) * x[i]
            return y[3] * y[1]
        """,
        (X,),
    ),
    "elements are updated with what they held": (
        """
        def f(x, n):
            y = x.copy()
            for t in range(n):
                for i in range(1, 4):
                    y[i] = y[i] * y[i - 1] + np.cos(y[i])
            return np.sum(y)
        """,
        (X, 3),
    ),
    "every augmented form on elements": (
        """
        def f(x, k):
            y = x + 2.0
            y[0] += k * x[1]
            y[1] -= k
            y[2] *= k * x[0]
            y[3] /= k + x[0]
            y[0] **= 3
            y[1] **= 2.0
            y[-1] += y[0] * y[2]
            return np.sum(y * y)
        """,
        (X, 1.7),
        2,
    ),
    "slices, steps and negative indices": (
        """
        def f(x, k):
            y = np.zeros(4)
            y[1:3] = x[:2] * k
            y[::2] += x[::2] ** 2
            y[-1] = k * y[1]
            y[::-1] *= x
            y[...] = y * k
            y[:] -= 0.5 * x
            return np.sum(y ** 3)
        """,
        (X, 1.7),
        2,
    ),
    "rows, columns, newaxis and blocks of a matrix": (
        """
        def f(A, v):
            B = A * 1.5
            B[0] = v
            B[:, 1] *= A[:, 2]
            B[1:, ::2] += np.sin(A[:2, 1::2])
            B[2, -1] = v[0] * B[0, 0]
            B[:, 3:4] = A[:, :1] * A[0, 0]
            B[1][2] = v[1]
            return np.sum(B * B)
        """,
        (M, X),
        2,
    ),
    "three axes": (
        """
        def f(A, s):
            B = np.zeros((2, 3, 4))
            B[1] = A[0] * s
            B[0, :, 1] = A[1, :, 2] ** 2
            B[..., -1] += s
            B[:, None, 1, 2] = A[:, 1:2, 0]
            return np.sum(B * A)
        """,
        (T, 0.8),
        2,
    ),
    "what is written is broadcast": (
        """
        def f(A, v, s):
            B = A * A
            B[1:] = v
            B[0, 1:] = s
            B[:, 2] = v[:1]
            return np.sum(B * A)
        """,
        (M, X, 0.3),
        3,
    ),
    "an array of indices, some of them twice": (
        """
        def f(x, v):
            y = x * x
            y[np.array([0, 2, 0])] = v * x[1]
            y[[1, 1]] += v[:2]
            return np.sum(y * y * x)
        """,
        (X, X[:3] + 0.1),
        2,
    ),
    "a mask": (
        """
        def f(x, k):
            y = x * k
            y[x < 0.0] = 0.25 * k
            y[y > 0.5] *= k
            y[x > 1.0] = x[x > 1.0] ** 2
            return np.sum(y * y)
        """,
        (X, 1.3),
        2,
    ),
    "rows and columns picked by two arrays": (
        """
        def f(A, v):
            B = A.copy()
            B[np.arange(3), np.array([1, 3, 1])] = v
            B[[0, 2], 1:3] *= A[:2, :2]
            return np.sum(B * B)
        """,
        (M, X[:3]),
        2,
    ),
    "a row is written through its view": (
        """
        def f(A):
            B = A * 2.0
            for i in range(3):
                row = B[i]
                for j in range(1, 4):
                    row[j] = row[j] * row[j - 1]
            return np.sum(B * B)
        """,
        (M,),
    ),
    "rows of a loop are written": (
        """
        def f(A, k):
            B = A * A
            for row in B:
                row *= k
                row[0] += row[1]
            return np.sum(B * A)
        """,
        (M, 1.3),
        2,
    ),
    "a view of a view, transposed": (
        """
        def f(A):
            B = A + 0.5
            C = B.T
            column = C[1]
            part = column[1:]
            part *= A[1:, 0]
            C[0] = column
            return np.sum(B * B * A)
        """,
        (M,),
    ),
    "elements of a transpose of picked rows": (
        """
        def f(A):
            rows = np.array([0, 2, 2, -1])
            b = np.sin(A)
            b[0] = b[rows].T[:, [1, 0, 0, 2]][1]
            return np.sum(A[rows].T[[1, 0, 0]] ** 2) + np.sum(b**2)
        """,
        (M,),
    ),
    "a mask of its own beside a slice": (
        """
        def f(A):
            B = A * A[0, 0]
            B[B[:, 0] > 0.3, 1:] = B[0, :3]
            B[int(abs(B[0, 0])) :, len(A) // 3] *= B[1, 1]
            B[1:][B[1:] > 0.3] *= B[0, 0]
            return np.sum(B**2)
        """,
        (M,),
    ),
    "elements by several subscripts are added at": (
        """
        def f(A):
            rows, columns = np.array([0, 1, 1, -1]), np.array([1, 0, 0, 2])
            B = A * A[0, 0]
            np.add.at(B, (rows, columns), B[rows, columns] * 2.0)
            np.subtract.at(B, (slice(None), columns), A[:, columns] * B[0, 0])
            return np.sum(B**3)
        """,
        (M,),
    ),
    "an alias is changed in place": (
        """
        def f(x, k):
            a = x * x
            b = a
            b *= k
            b += x
            b[0] = k
            return np.sum(a * b)
        """,
        (X, 1.3),
        2,
    ),
    "an alias is rebound, not changed": (
        """
        def f(x, k):
            a = x * x
            b = a
            b = b * k
            b[0] = 0.0
            return np.sum(a * b)
        """,
        (X, 1.3),
        2,
    ),
    "sums under keys that come as they are met": (
        """
        from collections import defaultdict

        def f(x):
            sums = defaultdict(float)
            for i in range(4):
                sums[i % 2] += x[i] * x[i]
            return sums[0] * sums[1]
        """,
        (X,),
    ),
    "an entry that is an array is added to": (
        """
        def f(p):
            p["W"] += np.exp(p["W"])
            return np.sum(p["W"] * p["W"])
        """,
        ({"W": X},),
    ),
    "an array without axes is filled": (
        """
        def f(x):
            z = np.squeeze(1.0 * x[:1])
            z[...] = 2.0 * x[1]
            return z * x[0]
        """,
        (X,),
    ),
    "numbers are rebound": (
        "def f(s):\n    a = s * s\n    b = a\n    b *= 3.0\n    b += s\n    return a * b",
        (1.3,),
    ),
    "views that overlap": (
        """
        def f(x):
            y = x * x
            y[1:] = y[:-1]
            y[:-1] += y[1:]
            y[1:] *= y[:-1] * x[1:]
            return np.sum(y * y)
        """,
        (X,),
    ),
    "an argument is written": (
        """
        def f(x, k):
            x[0] = x[1] * k
            x *= k
            x[2:] -= x[:2]
            return np.sum(x * x)
        """,
        (X, 1.3),
        2,
    ),
    "two buffers change places": (
        """
        def f(u, k, n):
            for t in range(n):
                new = u.copy()
                new[1:-1] = u[1:-1] + k * np.sin(u[2:] - u[:-2])
                new[0] = new[1] * k
                u = new
            return np.sum(u * u)
        """,
        (X, 0.3, 3),
        2,
    ),
    "two buffers are swapped": (
        """
        def f(v, s, n):
            old, new = v.copy(), np.zeros(4)
            for t in range(n):
                for k in range(4):
                    new[k] = s * old[k - 1] + old[k] ** 2
                old, new = new, old
            return np.sum(old) + new[0]
        """,
        (X, 1.3, 3),
        2,
    ),
    "what a write through another name destroys comes back": (
        """
        def f(x):
            a = x * x
            s = np.sum(a * a)
            c = np.reshape(a, (2, 2))
            c[0, 0] = 0.0
            return s + np.sum(c * c)
        """,
        (X,),
    ),
    "a view whose subscript changes": (
        """
        def f(x):
            a = np.outer(x, x)
            idx = np.zeros(2, dtype=int)
            row = a[idx[0]]
            idx[0] = 2
            s = row[1] * a[2, 1]
            a[idx[0]] *= 2.0
            return np.sum(a * a) * s
        """,
        (X,),
    ),
    "an index that is written, and undone to undo another": (
        """
        def f(x, n):
            w = np.ones(4)
            at = np.zeros(4, dtype=int)
            s = 0.0
            for t in range(n):
                w[at[0]] = t + 2.0
                s += np.sum(w * x * x)
                at[0] = at[0] + 1
            return s
        """,
        (X, 3),
    ),
    "a cotangent is not the array that is restored": (
        """
        def f(x, w):
            v = w * w
            s = np.sum(v * v * x)
            y = x * x
            v[0] = x[1]
            y = np.sum(y * v)
            return y + s
        """,
        (X, X + 1.0),
        2,
    ),
    "stencils and two buffers": (
        """
        def f(x, k):
            u = x * 1.0
            v = np.zeros(4)
            for t in range(3):
                v[1:-1] = u[1:-1] + k * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]
                v[0] = v[1]
                v[-1] = v[-2]
                u, v = v, u
            return np.sum(u * u)
        """,
        (X, 0.3),
        2,
    ),
    "stencils and two buffers in a helper": (
        """
        def g(x, k):
            u = x * 1.0
            v = np.zeros(4)
            for t in range(3):
                v[1:-1] = u[1:-1] + k * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]
                v[0] = v[1]
                v[-1] = v[-2]
                u, v = v, u
            return np.sum(u * u)

        def f(x, k):
            return 2.0 * g(x, k)
        """,
        (X, 0.3),
        2,
    ),
    "two variables of one value, one of them written": (
        """
        def f(x):
            a = np.sin(x)
            b = np.sin(x)
            a[0] = 5.0 * x[1]
            return np.sum(a * b * np.cos(x))
        """,
        (X,),
    ),
    "a value that is written after the adjoint read it": (
        """
        def f(x):
            s = np.sum(np.sin(x) * x)
            a = np.sin(x)
            a[0] = 5.0 * x[1]
            return np.sum(a * np.cos(x)) * s
        """,
        (X,),
    ),
    "three levels of a wave": (
        """
        def f(u0, c):
            prev = u0.copy()
            cur = u0.copy()
            nxt = np.zeros_like(u0)
            for t in range(4):
                nxt[1:-1] = 2 * cur[1:-1] - prev[1:-1] + c**2 * (cur[2:] - 2 * cur[1:-1] + cur[:-2])
                prev, cur, nxt = cur, nxt, prev
            return np.sum(cur * cur)
        """,
        (X, 0.4),
        2,
    ),
    "a product that boils down to an argument is copied": (
        """
        def f(x, v):
            z = np.sum(x * x)
            y = np.sum(x * v)
            return y + z
        """,
        (X, X + 1.0),
    ),
    "a row is made orthogonal through its view": (
        """
        def f(A):
            Q = A + np.eye(3, 4)
            for i in range(3):
                row = Q[i]
                for j in range(i):
                    row -= np.dot(row, Q[j]) * Q[j]
                row /= np.sqrt(np.sum(row * row))
            return np.sum(Q * A)
        """,
        (M,),
    ),
    "a helper makes its result anew": (
        """
        def flux(u):
            return 0.5 * u * u

        def f(u, k):
            for t in range(3):
                F = flux(u)
                u[1:] -= k * (F[1:] - F[:-1])
                u[0] = F[0]
            return np.sum(u * u)
        """,
        (X, 0.3),
        2,
    ),
    "a helper hands back what it was given": (
        """
        def same(u):
            return u

        def f(u, k):
            v = u * k
            w = same(v)
            w[0] = k
            return np.sum(w * u)
        """,
        (X, 0.3),
        2,
    ),
    "functions that give copies": (
        """
        def f(u):
            left = np.roll(u, 1)
            left[0] = u[0] * u[1]
            s = np.cumsum(u)
            s[1] *= 2.0
            d = np.diff(u)
            d[0] = s[2]
            return np.sum(left * u) + np.sum(s * s) + np.sum(d * d)
        """,
        (X,),
    ),
    "a buffer is made anew in every iteration": (
        """
        def f(x, n):
            total = 0.0
            for t in range(n):
                w = np.zeros(4)
                for i in range(4):
                    w[i] = x[i] ** (t + 1)
                w[0] *= w[1]
                total += np.sum(w * w)
            return total
        """,
        (X, 3),
    ),
    "a write in a branch": (
        """
        def f(x):
            y = x * 1.5
            for i in range(4):
                if x[i] > 0.0:
                    y[i] = y[i] * x[i]
                else:
                    y[i] = np.exp(x[i])
            return np.sum(y * y)
        """,
        (X,),
    ),
    "the test reads what the branch writes": (
        """
        def f(x, n):
            y = x * 1.5
            for t in range(n):
                if y[0] > 0.2:
                    y[0] = y[0] * x[0]
                    y[1] *= 2.0
                else:
                    y[0] = y[1] ** 2 + 0.5
            return np.sum(y * y)
        """,
        (X, 4),
    ),
    "an index is computed and then changes": (
        """
        def f(x, n):
            y = np.zeros(4)
            j = 0
            for t in range(n):
                y[j] = y[j] + x[t] * x[j]
                j = (j + 3) % 4
                y[j] *= x[t]
            return np.sum(y * y)
        """,
        (X, 4),
    ),
    "an index is read from an array that is written": (
        """
        def f(x, n):
            at = np.zeros(4, dtype=int)
            y = x * x
            for t in range(n):
                at[t] = (at[t - 1] + 1) % 4
                y[at[t]] = y[at[t]] * x[t]
                at[t] = 0
            return np.sum(y * y)
        """,
        (X, 4),
    ),
    "elements change places": (
        """
        def f(x, k):
            y = x * k
            y[0], y[1] = y[1], y[0] * y[2]
            a, y[3] = y[2], y[0]
            return np.sum(y * x) * a
        """,
        (X, 1.3),
        2,
    ),
    "rows change places, which only seem to": (
        """
        def f(A):
            B = A * A
            B[0], B[1] = B[1], B[0]
            B[[1, 2]] = B[[2, 1]]
            return np.sum(B * A)
        """,
        (M,),
    ),
    "sorting by swaps": (
        """
        def f(x):
            y = x * x
            for i in range(4):
                for j in range(3 - i):
                    if y[j] > y[j + 1]:
                        y[j], y[j + 1] = y[j + 1], y[j]
            return y[0] + 2.0 * y[1] + 3.0 * y[2] * y[3]
        """,
        (X,),
    ),
    "elimination in place": (
        """
        def f(A, b):
            n = len(b)
            for k in range(n):
                for i in range(k + 1, n):
                    factor = A[i, k] / A[k, k]
                    A[i, k:] -= factor * A[k, k:]
                    b[i] -= factor * b[k]
            x = np.zeros(n)
            for i in range(n - 1, -1, -1):
                x[i] = (b[i] - np.sum(A[i, i + 1 :] * x[i + 1 :])) / A[i, i]
            return np.sum(x * x)
        """,
        (M[:, :3] @ M[:, :3].T + 2.0 * np.eye(3), X[:3]),
        2,
    ),
    "a table of recurrences": (
        """
        def f(x, n):
            table = np.zeros((n, 4))
            table[0] = x
            for t in range(1, n):
                previous = table[t - 1]
                table[t] = np.tanh(previous * x)
            return np.sum(table[-1]) + table[1, 2]
        """,
        (X, 4),
    ),
    "the written array goes on as another": (
        """
        def f(x):
            y = np.empty(4)
            y[:2] = x[2:]
            y[2:] = x[:2] ** 2
            z = np.cumsum(y)
            y = z * y
            y[0] = z[1]
            return np.sum(y * z)
        """,
        (X,),
    ),
    "a write under while": (
        """
        def f(x, k):
            y = x * x
            i = 0
            while i < 3 and y[i] < 2.0:
                y[i + 1] = y[i + 1] * k + y[i]
                i = i + 1
            return np.sum(y) * y[i]
        """,
        (X, 1.3),
        2,
    ),
    "an entry of a dict is written into": (
        """
        def f(p):
            p["w"][0] = p["b"] * p["w"][1]
            p["b"] = p["b"] * 2.0
            return np.sum(p["w"] * p["w"]) * p["b"]
        """,
        ({"w": X, "b": 1.3},),
    ),
    "an item of a list is replaced": (
        """
        def f(p):
            p[0] = p[1] * p[0]
            p[1] = p[0] * p[0]
            return p[0] * p[1]
        """,
        ([1.3, 0.7],),
    ),
    "a function is told where to write": (
        """
        def f(A, v, k):
            B = np.empty((3, 4))
            np.multiply(A, v, out=B)
            np.exp(B[0], out=B[1])
            C = np.add(B, k, out=B)
            np.sin(B[2, 1:], out=B[2, 1:])
            w = np.zeros(4)
            w.fill(k)
            np.copyto(B[0], w)
            D = np.zeros((3, 3))
            np.fill_diagonal(D, k * v[0])
            D[0, 1] = v[1]
            return np.sum(C * C) + np.sum(D ** 3)
        """,
        (M, X, 1.3),
        3,
    ),
    "float32 keeps its width": (
        "def f(x):\n    y = x * x\n    y[0] = x[1] * y[2]\n    return np.sum(y * x)",
        (X,),
    ),
    "a helper returns one array twice": (
        """
        def pair(x):
            y = x * 2.0
            return y, y

        def f(x):
            a, b = pair(x)
            a[0] = 5.0 * x[1]
            return np.sum(a * b)
        """,
        (X,),
    ),
    "a row is kept while its matrix changes": (
        """
        def f(A, i):
            B = A * A
            row = B[i]
            i = i + 1
            B[0] = 0.0
            return np.sum(row * row)
        """,
        (M, 0),
    ),
    "what a helper wrote and gave back is read again": (
        """
        def squared_twice(b):
            if b[0] > 100.0:
                return b * 2.0
            c = b * b
            c[0] = c[0] * c[0]
            return c

        def f(x):
            return np.sum(squared_twice(x) * x)
        """,
        (X,),
    ),
    "what a helper wrote and gave back in a tuple is read again": (
        """
        def both(b):
            if b[0] > 100.0:
                return b, b * 2.0
            c = b * b
            c[0] = c[0] * c[0]
            return c, b

        def f(x):
            c, e = both(x)
            return np.sum(c * e)
        """,
        (X,),
    ),
    "steps that call themselves, whose result is read again": (
        """
        def stepped(y, n):
            if n == 0:
                return y
            y = y * 1.0
            y[0] = y[0] + 0.1 * y[1] ** 2
            y[1] = y[1] * np.cos(y[0])
            return stepped(y, n - 1)

        def f(x):
            return stepped(x, 3) @ x
        """,
        (X,),
    ),
    "a product that is a number, in a dict": (
        """
        def f(x):
            table = {"gain": np.array([0.4, 0.1, x[0], x[1]]) @ np.full(4, 0.5)}
            table["gain"] *= 0.5
            return sum(table.values())
        """,
        (X,),
    ),
}

#: Programs whose meaning depends on kinds that are not known without types.
NEED_TYPES = {
    "a mask of its own beside a slice",
    "an array without axes is filled",
    "a single element, changed through a view",
    "a row is kept while its matrix changes",
    "a helper returns one array twice",
    "a row is written through its view",
    "rows of a loop are written",
    "a view of a view, transposed",
    "an alias is changed in place",
    "numbers are rebound",
    "a table of recurrences",
    "rows change places, which only seem to",
    "elements change places",
    "sorting by swaps",
    "a row is made orthogonal through its view",
    "a helper makes its result anew",
    "a helper hands back what it was given",
    "a function is told where to write",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_derivatives(name):
    judge(*PROGRAMS[name], needs_types=name in NEED_TYPES)


#: Writes that somebody else would see.
SHARED = {
    "the conjugate of a real array, as a method": (
        """
        def f(x):
            a = x * x
            y = a.conj()
            y[0] = y[1] * x[0]
            return np.sum(y * a)
        """,
        (X,),
    ),
    "a view whose subscript changes": (
        """
        def f(x):
            a = np.outer(x, x)
            idx = np.zeros(2, dtype=int)
            row = a[idx[0]]
            idx[0] = 2
            row[1] = 5.0
            return np.sum(a * a)
        """,
        (X,),
    ),
    "a slot is given another object": (
        """
        def f(x):
            p = [x * 1.5, x * 2.0]
            row = p[0]
            p[0] = p[1] * x
            row[0] = 3.0
            return np.sum(row * row * x) + np.sum(p[0])
        """,
        (X,),
    ),
    "an array that need not be a copy": (
        """
        def f(x):
            a = x * x
            b = np.array(a, copy=None)
            b[0] = 5.0
            return np.sum(a * x) + np.sum(b * 2.0)
        """,
        (X,),
    ),
    "a helper returns an array and a view of it": (
        """
        def parts(x):
            y = x * 2.0
            return {"all": y, "inner": y[1:]}

        def f(x):
            d = parts(x)
            d["all"][1] = 5.0 * x[1]
            return np.sum(d["all"]) * np.sum(d["inner"] ** 2)
        """,
        (X,),
    ),
    "a list is given one array twice in a tuple": (
        """
        def f(x):
            y = x * 2.0
            pairs = []
            pairs.append((y, y))
            a, b = pairs.pop()
            a[0] = 5.0 * x[1]
            return np.sum(a * b)
        """,
        (X,),
    ),
    "an array in a list that has a name too": (
        """
        def f(x):
            w = x * 1.0
            params = [w]
            params[0] -= 0.1 * x
            return np.sum(w)
        """,
        (X,),
    ),
    "views in a list": (
        """
        def f(x):
            y = x * 1.0
            parts = [y[:2], y[2:]]
            parts[0] *= 2.0
            return y @ x
        """,
        (X,),
    ),
    "NumPy's floats of an array are that array": (
        """
        def f(x):
            y = x * 1.5
            z = np.float64(y)
            y *= 2.0
            return z @ x
        """,
        (X,),
    ),
    "a display of one array twice, beside another value": (
        """
        def f(x):
            y = x * 2.0
            p, q = [y, y], x
            p[0][0] = 5.0 * x[1]
            return np.sum(p[1] * q)
        """,
        (X,),
    ),
    "what a helper returns twice, beside another value": (
        """
        def pair(x):
            y = x * 2.0
            return y, y

        def f(x):
            p, q = pair(x), x
            a, b = p
            a[1] = 5.0 * x[1]
            return np.sum(b * b) + q[0]
        """,
        (X,),
    ),
    "a number of the module, put into a list of numbers of two kinds": (
        """
        RATE = 0.75

        def f(x, items, n):
            items += [n]
            items.extend([RATE, sum(item for item in items if item)])
            return sum(items) * x
        """,
        (0.4, [0.5, -0.2], 1),
    ),
    "two names of one array, exchanged": (
        """
        def f(x):
            z = x * 1.0
            w = z
            w, z = z, w
            w += x[2] * z
            return np.sum(z * x)
        """,
        (X,),
    ),
    "a loop over a display of arrays": (
        """
        def f(x):
            u, v = x * 2.0, x * x
            for w in (u, v):
                w *= 2.0
            return np.sum(u * v)
        """,
        (X,),
    ),
    "one of two views, bound in branches": (
        """
        def f(x, k):
            a = x * x
            b = x * k
            if k > 0.0:
                c = a
            else:
                c = b
            c[0] = 0.0
            return np.sum(a * b)
        """,
        (X, 1.3),
    ),
    "an array in a list": (
        "def f(x):\n    a = x * x\n    kept = [a, x]\n    a[0] = 0.0\n    return np.sum(kept[0] * x)",
        (X,),
    ),
    "rows of one list": (
        "def f(x):\n    a = [x * x] * 2\n    a[0][1] = 0.0\n    return np.sum(a[1] * x)",
        (X,),
    ),
    "what a reshape may share": (
        "def f(x):\n    a = x * x\n    b = np.reshape(a, (2, 2))\n    b[0, 0] = 0.0\n    return np.sum(a)",
        (X,),
    ),
}


@pytest.mark.parametrize(
    "text",
    [
        "b = np.where(x[0] > x[1], x[0], x[1]); t = b; t += x[2]; return b * 1.0",
        "z = np.array(x[0]); z += x[1]; w = z; w *= 2.0; return z * x[2]",
    ],
)
def test_an_array_without_axes_is_no_number(text, tmp_path):
    source = f"import numpy as np\n\n\ndef f(x):\n    {text}\n"
    with pytest.raises(UnsupportedError) as refused:
        gradient_source(source, "f", types="x: float[n]")
    assert refused.value.code == "RG401"


def test_a_global_array_is_not_written():
    program = "T = np.ones(3)\n\n\ndef f(x):\n    t = T\n    t *= x\n    return np.sum(t)"
    assert refusal(program, args=(1.3,)) == "RG404"


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_array_is_not_written(name):
    text, args = SHARED[name]
    assert refusal(text, args=args) == "RG402"


def test_standalone_text_brings_all_that_its_helpers_call():
    source = gradient_source(
        "def f(x):\n    x[0] = 2.0 * x[1]\n    return x[0]\n", "f", standalone=True
    )
    scope = {}
    exec(source, scope)
    np.testing.assert_array_equal(scope["f_grad"](X), [0.0, 2.0, 0.0, 0.0])


#: What is put into the slot, `{p}`, of a container; `y` is an array of shape (2, 3).
PUT = (
    "{p} = y[0] * 1.0",
    "{p} = y[0, 0] * 1.0",
    "{p} = np.stack([y, y])",
    "{p} = {p}[0] * 1.0",
    "{p} = 0.5 * ({p}[-1, 0] - y)",
    "{p} = np.sin({p}[0]) + {p}",
    "t = {p}[0, 0]; {p} = y + 1; {p} = t * y",
)
SLOTS = {
    "d['k']": "{'k': x * 0.5, 'g': 1.0}",
    "d[0]": "[x * 0.5, 1.0]",
    "d.k": "Pair(x * 0.5, 1.0)",
}


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("put", PUT)
def test_what_stood_in_a_slot_may_have_had_another_shape(slot, put):
    program = f"""
        from dataclasses import dataclass

        @dataclass
        class Pair:
            k: np.ndarray
            g: float

        def f(x, y):
            d = {SLOTS[slot]}
            for _ in range(1):
                {put.format(p=slot)}
            return np.sum({slot} * {slot})
        """
    judge(program, (M[:2, :3] + 0.8, M[1:, 1:]), 2, needs_types=True)
