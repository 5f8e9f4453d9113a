"""Calls of SciPy's solvers of linear systems with sparse matrices."""

from tests.rules.calls import RANGES, Call, numbers

_MATRIX = "scipy.sparse.csc_matrix([[4.0, 1.0, 0.0], [2.0, 5.0, -1.0], [0.0, 1.0, 3.0]])"
_SYMMETRIC = "scipy.sparse.csr_array([[4.0, 1.0, 0.0], [1.0, 5.0, -1.0], [0.0, -1.0, 3.0]])"


def _solved(name: str, matrix: str, options: str = "", shape: tuple[int, ...] = (3,)) -> Call:
    found = "" if name == "spsolve" else "[0]"
    text = f"scipy.sparse.linalg.{name}({matrix}, b{options}){found}"
    return Call(text, {"b": numbers(shape, 0, RANGES[0])})


WRITTEN: dict[str, list[Call]] = {
    "scipy.sparse.linalg.spsolve": [
        _solved("spsolve", _MATRIX),
        _solved("spsolve", _MATRIX, shape=(3, 1)),
        _solved("spsolve", _MATRIX, ", permc_spec='NATURAL'", shape=(3, 2)),
    ],
    "scipy.sparse.linalg.cg": [
        _solved("cg", _SYMMETRIC, ", rtol=1e-14"),
        _solved("cg", _SYMMETRIC, ", maxiter=50, rtol=1e-14, atol=0.0"),
    ],
    "scipy.sparse.linalg.gmres": [
        _solved("gmres", _MATRIX, ", rtol=1e-14"),
        _solved("gmres", _MATRIX, ", rtol=1e-14, restart=3, maxiter=9"),
    ],
}
