"""What does each way of keeping the states of a loop take, in memory and in time?

    python benchmarks/memory.py [--steps 100000] [--size 100] [--rounds 3]

Explicit Euler steps, once as a ``for`` and once as a ``while``, of a state of `size` doubles. Peak memory
is what Python and NumPy allocate during one gradient, less what there was before (`tracemalloc`); time
is the median CPU time of interleaved runs, over that of the function alone. The gradients have to
agree to rounding before anything is timed.
"""

import argparse
import gc
import platform
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import in_turn

import retrograd as rg


def counted(x, k, n):
    """n steps."""
    for _ in range(n):
        x = x + k * np.sin(x)
    return np.sum(x * x)


def until(x, k, n):
    """Steps until an end time that n of them reach."""
    t = 0.0
    while t < k * n:
        x = x + k * np.sin(x)
        t = t + k
    return np.sum(x * x)


def peak(run: Callable[..., Any], args: tuple[Any, ...]) -> int:
    """The bytes that a call of `run` allocates at most."""
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    run(*args)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most - before


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--size", type=int, default=100, help="doubles in the state")
    parser.add_argument("--rounds", type=int, default=3, help="rounds to take medians over")
    options = parser.parse_args()
    args = np.linspace(0.1, 1.0, options.size), 1e-5, options.steps
    print(f"Python {platform.python_version()}, NumPy {np.__version__}: ", end="")
    print(f"{options.steps} steps of {options.size} doubles")
    print(f"{'loop':8} {'checkpoint=':>12} {'peak MB':>9} {'time':>8}   (times the function's)")
    for function in (counted, until):
        gradients = {
            scheme: rg.grad(function, checkpoint=scheme)
            for scheme in (None, "sqrt", "recursive", 10_000_000, 1_000_000)
        }
        expected = gradients[None](*args)
        for scheme, gradient in gradients.items():
            assert np.allclose(gradient(*args), expected, rtol=1e-12, atol=0.0), scheme
        primal, *times = in_turn([function, *gradients.values()], args, options.rounds)
        for (scheme, gradient), time in zip(gradients.items(), times, strict=True):
            taken = peak(gradient, args) / 1e6
            told = f"{scheme:_}" if isinstance(scheme, int) else str(scheme)
            print(f"{function.__name__:8} {told:>12} {taken:9.2f} {time / primal:8.2f}")


if __name__ == "__main__":
    main()
