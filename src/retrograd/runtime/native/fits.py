"""Many fits of one model as one native module: model, gradient and the loop of the solver."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from retrograd.runtime.native.assembling import Values, assemble
from retrograd.runtime.native.compiling import Native, NativeModule, native_module
from retrograd.runtime.native.ranks import rank_of_value
from retrograd.runtime.native.refusing import NotNative
from retrograd.runtime.native.structures import structure_of_value
from retrograd.runtime.solvers.linked_text import linked_loop


def native_fits(
    text: str,
    entry: str,
    *,
    values: Values,
    below: Callable[[object], object],
    count: int,
    coordinates: int,
    parallel: bool,
    folder: Path | None,
    version: str,
) -> Callable[..., Any]:
    """The function `fits` of `retrograd.runtime.solvers.linked` for a model.

    Args:
        text: generated; its function `entry` gives value and gradient at one data point.
        values: the value of a name that the text leaves open.
        below: the function below the decorators of another.
        count: the parameters of the model.
        coordinates: of a data point, in a tuple; 0 for a number.
        parallel: whether the blocks of fits are made by several threads.
        folder: where to keep what is compiled, None to keep it in memory.
        version: of retrograd, part of the module.

    Raises:
        NotNative: Numba cannot compile it.
    """
    assembly = assemble(text, entry, values, below)
    if assembly.live:
        raise NotNative("a model that reads an array of its module", entry)
    like = ((0.5,) * coordinates if coordinates else 0.5, *[0.5] * count)
    structures, ranks = tuple(map(structure_of_value, like)), tuple(map(rank_of_value, like))
    model = native_module(assembly, entry, structures, ranks, version)
    loop, name = linked_loop(
        model.text, entry, count, coordinates, cache="CACHE", parallel=parallel
    )
    whole = f"{model.text}\n\nimport math\n\nimport numpy as np\nfrom numba import njit, prange\n\n{loop}"
    native = Native(NativeModule(whole, model.lines, None), name, folder)
    native.compile((*_LIKE, np.ones((1, count)), 0.0, 1, 0.0, 1))
    return native.function


#: Data as `fits` takes them.
_LIKE = (np.ones((1, 1, 1)), np.ones((1, 1)), np.ones((1, 1)))
