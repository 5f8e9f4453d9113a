"""What a benchmark needs to know of a function."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Workload:
    """A function, arguments of two sizes, and its gradient by other means.

    Attributes:
        group: "A" array style, "B" loops and in-place writes, "C" tiny and scalar.
        function: the primal, a number of its parameters.
        wrt: the parameters to differentiate by.
        arguments: for True those of realistic size, for False small ones; the same at every call.
        by_hand: the gradient by `wrt` as an expert writes it with NumPy, loop for loop.
        for_numba: the same written to be compiled by `numba.njit`.
        in_torch: given `torch`, the primal for it.
        in_jax: given `jax`, the primal for it; None where `jax.numpy` in place of NumPy does.
        in_autograd: given `autograd.numpy`, the primal for it; None likewise.
    """

    group: str
    function: Function
    wrt: tuple[str, ...]
    arguments: Callable[[bool], tuple[Any, ...]]
    by_hand: Function
    for_numba: Function
    in_torch: Callable[[Any], Function]
    in_jax: Callable[[Any], Function] | None = None
    in_autograd: Callable[[Any], Function] | None = None


def workloads() -> dict[str, Workload]:
    """The `WORKLOAD` of every module in this folder by the module's name, group after group."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    package = __name__.rpartition(".")[0]
    modules = {name: importlib.import_module(f"{package}.{name}") for name in names}
    found = {name: m.WORKLOAD for name, m in modules.items() if hasattr(m, "WORKLOAD")}
    return dict(sorted(found.items(), key=lambda item: item[1].group))
