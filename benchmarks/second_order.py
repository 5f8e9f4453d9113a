"""How many times the gradient does a product with the Hessian cost?

    python benchmarks/second_order.py [--rounds 40]

A network of two layers and a loop of a hundred steps: CPU time of ``rg.hvp(f)`` over that of
``rg.grad(f)``, medians of interleaved runs, beside the same ratio of autograd and of JAX where they
are installed. The products have to agree before anything is timed.
"""

import argparse
import types
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import flat, in_turn

import retrograd as rg

try:
    import autograd
    import autograd.numpy as anp
except ImportError:
    autograd = None
try:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
except ImportError:
    jax = None


def network(w, x, y):
    """Mean square error of a network of two layers, whose weights are one vector."""
    first = np.reshape(w[:320], (10, 32))
    second = w[320:352]
    hidden = np.tanh(x @ first)
    error = hidden @ second - y
    return np.mean(error * error)


def steps(w, x, y):
    """A hundred steps of a damped pendulum, each with a force of its own."""
    angle, speed = x[0, 0], 0.0
    for k in range(100):
        speed = speed + 0.05 * (w[k] - np.sin(angle) - 0.1 * speed)
        angle = angle + 0.05 * speed
    return angle * angle + speed * speed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="rounds to take medians over")
    rounds = parser.parse_args().rounds
    rng = np.random.default_rng(0)
    w, v = rng.normal(size=352), rng.normal(size=352)
    data = rng.normal(size=(500, 10)), rng.normal(size=500)
    print("{:10} {:>10} {:>10} {:>10}".format("program", "retrograd", "autograd", "jax"))
    for function in (network, steps):
        gradient, product = rg.grad(function), rg.hvp(function)
        expected = product(w, *data, v)
        pairs = [ours(gradient, product, w, data, v)]
        for made in (with_autograd, with_jax):
            pairs.append(made(function, w, data, v))
        ratios = []
        for pair in pairs:
            if pair is None:
                ratios.append("-")
                continue
            np.testing.assert_allclose(flat(pair[1]()), flat(expected), rtol=1e-7, atol=1e-10)
            times = in_turn(list(pair), (), rounds)
            ratios.append(f"{times[1] / times[0]:.2f}")
        print("{:10} {:>10} {:>10} {:>10}".format(function.__name__, *ratios))


Pair = tuple[Callable[[], Any], Callable[[], Any]]


def ours(gradient: Any, product: Any, w: Any, data: Any, v: Any) -> Pair:
    """Our gradient and our product."""
    return lambda: gradient(w, *data), lambda: product(w, *data, v)


def with_autograd(function: Callable[..., Any], w: Any, data: Any, v: Any) -> Pair | None:
    """Those of autograd, reverse over reverse as it advises."""
    if autograd is None:
        return None
    traced = renamed(function, anp)
    gradient, product = autograd.grad(traced), autograd.hessian_vector_product(traced)
    return lambda: gradient(w, *data), lambda: product(w, *data, v)


def with_jax(function: Callable[..., Any], w: Any, data: Any, v: Any) -> Pair | None:
    """Those of JAX, compiled, forward over reverse."""
    if jax is None:
        return None
    gradient = jax.jit(jax.grad(renamed(function, jnp)))
    product = jax.jit(lambda w, v: jax.jvp(lambda u: gradient(u, *data), (w,), (v,))[1])
    return (
        lambda: gradient(w, *data).block_until_ready(),
        lambda: product(w, v).block_until_ready(),
    )


def renamed(function: Callable[..., Any], library: Any) -> Callable[..., Any]:
    """`function` with another library in place of NumPy."""
    return types.FunctionType(function.__code__, {**function.__globals__, "np": library})


if __name__ == "__main__":
    main()
