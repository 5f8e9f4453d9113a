"""Checkpoints: loops of many forms have the same gradient whatever states are kept of them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import retrograd as rg
from retrograd.runtime.checking import compare_gradients
from retrograd.runtime.checkpoints import digits, halfway, size_of, states_within

#: 900 bytes are fewer than the states take, and more than one of them.
SCHEMES = ("sqrt", "recursive", 900)
RTOL = 1e3 * np.finfo(np.float64).eps

pytestmark = pytest.mark.usefixtures("compiled_once")


class Point(NamedTuple):
    a: np.ndarray
    b: np.ndarray


def step(x, k):
    z = np.sin(x * k)
    return z * z + x


@rg.checkpoint
def step_again(x, k):
    z = np.sin(x * k)
    return z * z + x


# ---------------------------------------------------------------- loops


def anonymous(x, k, n):
    for _ in range(n):
        x = np.tanh(x * k) + 0.1
    return np.sum(x)


def downwards(x, k, n):
    for t in range(n, 0, -2):
        x = x + k * np.cos(x) / t
    return np.sum(x * x)


def over_items(x, k, n):
    y = 1.0
    for i, (a, b) in enumerate(zip(x, x[::-1], strict=True)):
        y = np.sin(y * a + k * b * i)
    return y


def in_place(x, k, n):
    total = 0.0
    for t in range(n):
        for i in range(1, len(x) - 1):
            x[i] = x[i] + k * np.sin(x[i - 1]) * x[i + 1]
        if t % 2 == 0:
            total += x[1] ** 2
    return total + np.sum(x)


def swapped(x, k, n):
    old = x.copy()
    new = np.zeros_like(x)
    for _ in range(n):
        for i in range(1, len(x) - 1):
            new[i] = old[i] + k * old[i - 1] * old[i + 1]
        old, new = new.copy(), old.copy()
    return np.sum(old**2)


def through_a_view(x, k, n):
    y = x * 2.0
    v = y[1:]
    for _ in range(n):
        y[0] = np.sin(y[1] * k + y[0])
        v[0] = np.cos(y[0]) * v[1]
    return np.sum(v) + np.sum(y * y)


def collected(x, k, n):
    seen = []
    for _ in range(n):
        x = np.sin(x * k) + 0.1 * x
        seen.append(x)
    return np.sum(x) + sum([np.sum(one**2) for one in seen])


def read_back(x, k, n):
    seen = [x]
    for _ in range(n):
        seen.append(np.sin(seen[-1] * k) + 0.1 * x)
    return np.sum(seen[-1] ** 2)


def filled(x, k, n):
    out = np.zeros((n + 1, len(x)))
    for t in range(n):
        x = np.sin(x * k) + 0.1 * x
        out[t] = x * x
    return np.sum(out**2) + np.sum(x)


def dict_state(x, k, n):
    s = {"x": x, "v": 0.5 * x}
    for _ in range(n):
        s["v"] = s["v"] - k * np.sin(s["x"])
        s["x"] = s["x"] + 0.1 * s["v"]
    return np.sum(s["x"] ** 2)


def record_state(x, k, n):
    p = Point(x, k * x)
    for _ in range(n):
        p = Point(p.a + 0.1 * p.b, p.b - k * np.sin(p.a))
    return np.sum(p.a * p.b)


def list_of_arrays(x, k, n):
    layers = [x * 1.0, x * 2.0, x * 3.0]
    for _ in range(n):
        for i in range(3):
            layers[i] = np.tanh(layers[i] * k + layers[(i + 1) % 3])
    return np.sum(layers[0] * layers[2])


def branches(x, k, n):
    for t in range(n):
        if t % 4 == 3:
            continue
        if np.sum(x) > 1.0:
            x = x * 0.5 * k
        elif t != 5:
            x = x * x + 0.3
    return np.sum(x)


def left(x, k, n):
    y = x * 1.0
    for _ in range(n):
        y = y * x + k
        x = x * 1.05
        if np.sum(y) > 30.0:
            y = y * x
            break
    else:
        y = y * 3.0
    return np.sum(y)


def returned_from_inside(x, k, n):
    for t in range(n):
        for j in range(3):
            x = np.sin(x) + k * 0.6
            if t * 3 + j == 19:
                return np.sum(x**3)
    return np.sum(x)


def until(x, k, n):
    t = 0.0
    while t < 0.11 * n:
        x = x + 0.1 * k * np.sin(x * t)
        t = t + 0.1 * (1.0 + 0.05 * np.mean(x * x))
    return np.sum(x) + t


def endless(x, k, n):
    i = 0
    while True:
        if i >= n:
            break
        i += 1
        if i % 3 == 0:
            continue
        x = np.sin(x * k) + 0.1 * i
    return np.sum(x * x)


def inside_another(x, k, n):
    y = x * 1.0
    for i in range(4):
        for j in rg.checkpoint(range(n)):
            y = np.sin(y) + k * y * j * 0.01 + 0.1
            if i * j == 30:
                return np.sum(y * y)
        y = y * x
        k = k * 1.1
        n = n + 1
    return np.sum(y)


def both(x, k, n):
    y = x * 1.0
    for i in rg.checkpoint(range(n), "sqrt"):
        for j in rg.checkpoint(range(i), "recursive"):
            y = np.sin(y) + k * y * j * 0.01
        y = y * x
    return np.sum(y)


def overwritten_behind(x, k, n):
    c = x * 1.0
    y = x * k
    for i in range(3):
        for _ in rg.checkpoint(range(n), "recursive"):
            y = np.sin(y * c)
        c[i] = y[0] * c[1]
        y = y * c
    return np.sum(y)


def not_given_before(x, k, n):
    for t in range(n):
        if t == 0:
            y = x * 2.0
            x = x + 1.0
        else:
            y = np.sin(y) * k
        x = x + y
    return np.sum(x)


def without_state(x, k, n):
    total = 0.0
    for t in range(n):
        z = np.tanh(x * t * k)
        total = total + np.sum(z * z)
    return total + np.sum(x)


def drawn_and_only_added(x, k, n):
    rng = np.random.default_rng(0)
    total = 0.0
    for _ in range(n):
        x = np.sin(x * k)
        total = total + np.sum(x) + rng.normal()
    return total


def calling(x, k, n):
    for _ in range(n):
        x = step(x, k) * 0.5
        x = step_again(x, k)
        x = rg.checkpoint(step)(x, k=k) * 0.7
    return np.sum(x)


LOOPS = (
    *(anonymous, downwards, over_items, in_place, swapped, through_a_view, collected, read_back),
    *(
        filled,
        dict_state,
        record_state,
        list_of_arrays,
        branches,
        left,
        returned_from_inside,
        until,
    ),
    *(endless, inside_another, both, overwritten_behind, not_given_before, without_state),
    *(drawn_and_only_added, calling),
)


#: Each scheme with every third loop, and the root with one third more.
ASKED = [
    pytest.param(loop, (("sqrt", 900), ("recursive",), ("sqrt",))[k % 3], id=loop.__name__)
    for k, loop in enumerate(LOOPS)
]


@pytest.mark.parametrize(("loop", "schemes"), ASKED)
def test_gradients_are_those_without_checkpoints(
    loop: Callable[..., Any], schemes: tuple[Any, ...]
) -> None:
    plain = rg.grad(loop, argnums=(0, 1))
    x = np.array([0.7, 0.4, 0.9])
    for scheme in schemes:
        asked = rg.grad(loop, argnums=(0, 1), checkpoint=scheme)
        for n in (1, 2, 23):
            expected, found = plain(x, 0.8, n), asked(x, 0.8, n)
            for left_one, right in zip(found, expected, strict=True):
                assert np.allclose(left_one, right, rtol=RTOL, atol=RTOL)
            if scheme == schemes[0] and n == 2:
                compared = compare_gradients(
                    loop, [x, 0.8, n], found, argnums=[0, 1], names=["x", "k", "n"]
                )
                assert all(one.agrees for one in compared), "\n".join(map(str, compared))
    assert np.array_equal(x, [0.7, 0.4, 0.9])


def test_an_empty_loop_has_no_states() -> None:
    for scheme in SCHEMES:
        for loop in (anonymous, until):
            expected = rg.grad(loop)(np.ones(3), 0.8, 0)
            assert np.array_equal(rg.grad(loop, checkpoint=scheme)(np.ones(3), 0.8, 0), expected)


def test_native_code_keeps_as_few() -> None:
    pytest.importorskip("numba")

    def decay(x: float, k: float, n: int) -> float:
        total = 0.0
        for _ in rg.checkpoint(range(n)):
            x = x - k * x * x
            total += x * x
        t = 0
        while rg.checkpoint(t < n, 2_000):
            t += 1
            x = x + k * np.sin(x * t)
        return total * x

    native = rg.grad(decay, argnums=(0, 1), jit=True)(0.7, 0.1, 50)
    assert np.allclose(native, rg.grad(decay, argnums=(0, 1))(0.7, 0.1, 50), rtol=RTOL)


# ---------------------------------------------------------------- effects


def test_lines_are_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    def told(x: float, n: int) -> float:
        for t in range(n):
            x = x * x * 0.9
            print("step", t)
        return x

    for scheme in SCHEMES:
        rg.grad(told, checkpoint=scheme)(0.7, 9)
        assert capsys.readouterr().out.split("\n")[:-1] == [f"step {t}" for t in range(9)]


def test_what_draws_is_refused() -> None:
    def drawn(x: float, n: int) -> float:
        rng = np.random.default_rng(0)
        for _ in range(n):
            x = np.sin(x) + rng.normal()
        return x

    assert rg.grad(drawn)(0.7, 3) != 0.0
    with pytest.raises(rg.UnsupportedError) as refusal:
        rg.grad(drawn, checkpoint="sqrt")(0.7, 3)
    assert refusal.value.code == "RG410"


def test_forward_mode_keeps_nothing_anyway() -> None:
    value, tangent = rg.jvp(both, (np.ones(3), 0.8, 5), (np.ones(3), 0.0, 0))
    gradient = rg.grad(both)(np.ones(3), 0.8, 5)
    assert np.isclose(tangent, np.sum(gradient), rtol=1e-12)
    assert value == both(np.ones(3), 0.8, 5)


# ---------------------------------------------------------------- asking


def test_checkpoint_gives_back_what_it_is_given() -> None:
    numbers = range(3)
    assert rg.checkpoint(numbers) is numbers
    assert rg.checkpoint(step, "recursive") is step


@pytest.mark.parametrize("asked", ["binomial", 0, -5, True, 2.5])
def test_other_schemes_are_refused(asked: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="checkpoint="):
        rg.grad(step, checkpoint=asked)


def test_text_has_the_scheme_asked_for() -> None:
    source = "def f(x, n):\n    for t in range(n):\n        x = x * x\n    return x\n"
    kinds = "x: float, n: int"
    written = {
        scheme: rg.gradient_source(source, "f", types=kinds, checkpoint=scheme)
        for scheme in (None, *SCHEMES)
    }
    assert "snapshots" not in written[None]
    assert "stride = int(math.sqrt(max(n, 1)))" in written["sqrt"]
    assert "most = digits(stop)" in written["recursive"]
    assert "# 900 bytes" in written[900]


# ---------------------------------------------------------------- the schedule


def runs(start: int, stop: int, length: int, free: int) -> tuple[int, int]:
    """How often the schedule runs an iteration to get on, and how many snapshots it keeps at most."""
    times = dict.fromkeys(range(start, stop), 0)
    states, most = [start], 1
    while stop > 0:
        at = states.pop()
        while stop - at > length:
            states.append(at)
            most = max(most, len(states))
            middle = halfway(at, stop, length, free - len(states))
            assert at < middle < stop
            for t in range(at, middle):
                times[t] += 1
            at = middle
        stop = at
    return max(times.values()), most


@pytest.mark.parametrize(
    ("count", "length", "snapshots", "again"),
    [(35, 1, 3, 4), (36, 1, 3, 5), (10, 1, 9, 1), (100, 10, 9, 1), (7, 1, 1, 6), (1000, 9, 9, 3)],
)
def test_schedule_is_binomial(count: int, length: int, snapshots: int, again: int) -> None:
    # binomial(3 + 4, 3) = 35 segments take four runs with three snapshots, 36 take five
    assert runs(0, count, length, snapshots) == (
        again,
        min(snapshots, runs(0, count, length, 99)[1]),
    )


def test_sizes() -> None:
    assert [digits(count) for count in (0, 1, 2, 3, 4, 100_000)] == [1, 1, 2, 2, 3, 17]
    assert size_of(np.zeros(1000)) == 8112
    assert states_within(10_000_000, (0, np.zeros(1000))) == 10_000_000 // (56 + 8 + 24 + 8 + 8112)
    assert states_within(10, np.zeros(1000)) == 1
