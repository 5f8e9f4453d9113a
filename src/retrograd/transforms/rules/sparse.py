"""Products and solutions with sparse matrices, which hold no derivative themselves.

The arithmetic of a sparse matrix is not that of arrays: ``A * x`` may be a product of matrices, or
one of entries. What is differentiated is only what reads the same for both.
"""

from collections.abc import Mapping
from typing import Final

from retrograd.transforms.ir.kinds import OF_SPARSE, SPARSE, UNKNOWN, Array, Kind, Scalar, Sequence
from retrograd.transforms.rules.kinds import general
from retrograd.transforms.rules.results import as_array
from retrograd.transforms.rules.rule import Rule, Site

#: Which operands may be sparse matrices, by the function or operator.
TAKES_SPARSE: Final[Mapping[str, tuple[str, ...]]] = {
    "@": ("x", "y"),
    **{f"scipy.sparse.linalg.{name}": ("A",) for name in ("spsolve", "cg", "gmres")},
}


def with_sparse(path: str, kinds: Mapping[str, Kind]) -> bool:
    """Whether the function or operator `path` is known for operands of `kinds`, one of them sparse."""
    sparse = [name for name, kind in kinds.items() if kind == SPARSE]
    return len(sparse) == 1 and sparse[0] in TAKES_SPARSE.get(path, ())


def of_sparse(path: str, kinds: Mapping[str, Kind]) -> Kind:
    """What the function or operator `path` makes of sparse matrices: with arrays, it may be anything."""
    sparse = [kind == SPARSE for kind in kinds.values()]
    scales = path in ("*", "/", "**") and sum(sparse) == 1 and sparse[0] | (path == "*")
    numbers = any(isinstance(kind, Scalar) for kind in kinds.values())
    same = path in ("+", "-", "@", "-u", "+u", "numpy.copy", "numpy.transpose")
    # of the functions, the other operands are options
    alone = sparse[0] if path.startswith("numpy.") else all(sparse)
    return SPARSE if (scales and numbers) or (same and alone) else OF_SPARSE


def product_with_sparse(kinds: Mapping[str, Kind]) -> Kind:
    """``x @ y``, where one is a sparse matrix and the other is an array."""
    array = next((as_array(kind) for kind in kinds.values() if kind != SPARSE), None)
    if array is None or array.dims is None:
        return Array("float", None)
    return Array("float", ("?",) * len(array.dims))


def _solution(site: Site) -> Kind:
    """A vector for a vector; of a matrix with one column SciPy makes a vector, too."""
    b = as_array(site.kind("b"))
    return Array("float", b.dims if b is not None and b.rank == 1 else None)


def _solution_and_status(site: Site) -> Kind:
    return Sequence("tuple", (_solution(site), UNKNOWN), UNKNOWN)


def _iterative(name: str, matrix: str, own: str, **only: tuple[object, ...]) -> Rule:
    """The rule of a method that goes on until the residual is small: its derivative does, too."""
    path = f"scipy.sparse.linalg.{name}"
    options = ", ".join(
        f"{option}={option}" for option in ("rtol", "atol", *own.split(), "maxiter") if option
    )
    defaults = "".join(f" {option}=None," for option in own.split())
    more = " M=M," if name == "cg" else ""
    last = ", callback_type=None" if name == "gmres" else ""
    return general(
        f"{path}(A, b, x0=None, *, rtol=1e-05, atol=0.0,{defaults} maxiter=None, M=None,"
        f" callback=None{last})",
        b=f"numpy.reshape({path}({matrix}, g[0],{more} {options})[0], shape(b))",
        x0="zeros_like(x0)",
        jvp={
            "b": f"({path}(A, b_dot,{more} {options})[0], 0)",
            "x0": "(zeros_like(out[0]), 0)",
        },
        only={"callback": (None,), **only},
        note="A is symmetric" if name == "cg" else "",
        result=_solution_and_status,
    )


RULES: Final[tuple[Rule, ...]] = (
    general(
        "scipy.sparse.linalg.spsolve(A, b, permc_spec=None, use_umfpack=True)",
        b=(
            "numpy.reshape(scipy.sparse.linalg.spsolve(A.T, g, permc_spec=permc_spec,"
            " use_umfpack=use_umfpack), shape(b))"
        ),
        jvp=(
            "scipy.sparse.linalg.spsolve(A, b_dot, permc_spec=permc_spec,"
            " use_umfpack=use_umfpack)"
        ),
        result=_solution,
    ),
    _iterative("cg", "A", ""),
    _iterative("gmres", "A.T", "restart", M=(None,)),
)
