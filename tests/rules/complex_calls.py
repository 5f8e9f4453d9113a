"""Calls with complex operands or complex results: every function that is said to hold for them."""

import itertools
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from retrograd.transforms.ir.nodes import Index
from retrograd.transforms.ir.walk import subexpressions
from retrograd.transforms.rules.application import application
from retrograd.transforms.rules.complex_numbers import HOLD
from retrograd.transforms.rules.rule import Bound
from tests.rules.calls import Call, all_calls, is_float

_RNG = np.random.default_rng(5)


def real(*shape: int) -> np.ndarray:
    """Numbers between 0.2 and 0.9, of either sign."""
    return _RNG.uniform(0.2, 0.9, shape) * _RNG.choice([-1.0, 1.0], shape)


def both(*shape: int) -> np.ndarray:
    """Complex numbers whose parts are such."""
    return real(*shape) + 1j * real(*shape)


def _number(value: np.ndarray) -> complex:
    return complex(value[()])


def _elementwise() -> Iterator[Call]:
    names = (
        "exp exp2 expm1 log log2 log10 log1p sqrt square reciprocal sin cos tan arcsin arccos arctan"
        " sinh cosh tanh arcsinh arccosh arctanh sinc negative positive conj conjugate"
        " abs absolute real imag angle"
    )
    for name in names.split():
        yield Call(f"numpy.{name}(z)", {"z": both(2, 3)})
        yield Call(f"numpy.{name}(z)", {"z": _number(both())})
    yield Call("numpy.angle(z, deg=True)", {"z": both(3)})
    yield Call("numpy.angle(z, deg=told)", {"z": both(3), "told": 1})
    yield Call("abs(z)", {"z": both(3)})
    yield Call("abs(z)", {"z": _number(both())})
    operands = (both(2, 3), both(3), real(3), _number(both()), 0.7)
    for op, (a, b) in itertools.product("+-*/", itertools.permutations(operands, 2)):
        yield Call(f"a {op} b", {"a": a, "b": b})
    for a, b in itertools.permutations((both(3), both(1), abs(real(3)), _number(both()), 0.7), 2):
        yield Call("a**b", {"a": a, "b": b})
    for exponent in ("2", "3", "-1", "0.5", "0", "1j", "(1 + 2j)"):
        yield Call(f"z**{exponent}", {"z": both(3)})
        yield Call(f"z**{exponent}", {"z": _number(both())})
    yield Call("-z", {"z": both(3)})
    yield Call("numpy.power(z, 3)", {"z": both(3)})


def _parts() -> Iterator[Call]:
    z, x = both(2, 3), real(2, 3)
    for text in ("z.real", "z.imag", "z.T", "z.conj()", "(z * z).imag", "z.real * z.imag + 1j * z"):
        yield Call(text, {"z": z})
    for text in ("complex(a, b)", "complex(a)", "complex(imag=b, real=a)"):
        yield Call(text, {"a": 0.4, "b": -0.3})
    for kind in ("complex128", "cdouble"):
        yield Call(f"numpy.{kind}(a)", {"a": x})
        yield Call(f"numpy.{kind}(a)", {"a": 0.5})
    yield Call("a * 1j", {"a": x})
    yield Call("numpy.array([a, b * 1j])", {"a": 0.4, "b": _number(both())})
    for told in ("complex", "numpy.complex128"):
        yield Call(f"numpy.asarray(a, dtype={told})", {"a": x})
        yield Call(f"a.astype({told})", {"a": x})
        yield Call(f"numpy.sum(a, axis=0, dtype={told})", {"a": x})
    yield Call("numpy.real_if_close(z)", {"z": z})


def _sums() -> Iterator[Call]:
    for name, more in itertools.product(
        ("sum", "mean", "cumsum"), ("", "axis=0", "axis=-1", "axis=1, keepdims=True")
    ):
        if name != "cumsum" or "keepdims" not in more:
            yield Call(f"numpy.{name}(z, {more})", {"z": both(2, 3)})
    for text in (
        "numpy.prod(z, where=numpy.abs(z) > 0.5, initial=2.0, axis=0)",
        "numpy.var(z, axis=1, where=numpy.abs(z) > 0.3)",
        "numpy.std(z, where=numpy.abs(z) > 0.3)",
        "numpy.std(z, axis=0, ddof=1)",
        "numpy.linalg.norm(z)",
        "numpy.linalg.norm(z, axis=1)",
        "numpy.linalg.norm(z, 1)",
        "numpy.linalg.norm(z, 2)",
        "numpy.linalg.norm(z, 'nuc')",
        "numpy.linalg.norm(z, 3, axis=1)",
        "numpy.float_power(z, 3.0)",
    ):
        yield Call(text, {"z": both(2, 3)})
    products = ("numpy.dot(a, b)", "a @ b", "numpy.matmul(a, b)", "numpy.inner(a, b.T)")
    shapes = (((2, 3), (3, 2)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)))
    for text, (m, n) in itertools.product(products, shapes):
        yield Call(text, {"a": both(*m), "b": both(*n)})
        yield Call(text, {"a": real(*m), "b": both(*n)})
    for text in ("numpy.outer(a, b)", "numpy.vdot(a, b)", "numpy.kron(a, b)", "numpy.vecdot(a, b)"):
        yield Call(text, {"a": both(3), "b": both(3)})
        yield Call(text, {"a": both(3), "b": real(3)})
        yield Call(text, {"a": real(3), "b": both(3)})
    yield Call("numpy.vdot(a, b)", {"a": both(2, 3), "b": both(3, 2)})
    yield Call("numpy.vdot(a, b)", {"a": _number(both()), "b": _number(both())})
    yield Call("numpy.vecdot(a, b)", {"a": both(2, 3), "b": both(3)})
    yield Call("numpy.tensordot(a, b, 1)", {"a": both(2, 3), "b": both(3, 2)})
    yield Call("numpy.einsum('ij,kj->ik', a, b)", {"a": both(2, 3), "b": both(2, 3)})
    for mode in ("full", "same", "valid"):
        yield Call(f"numpy.convolve(a, b, '{mode}')", {"a": both(5), "b": both(3)})
        yield Call(f"numpy.convolve(a, b, '{mode}')", {"a": real(3), "b": both(3)})
    yield Call("numpy.trace(a)", {"a": both(3, 3)})
    yield Call("sum([a, b, a * b])", {"a": _number(both()), "b": 0.3})


def _polynomials() -> Iterator[Call]:
    for numbers in (real, both):
        yield Call("numpy.roots(p)", {"p": numbers(4)})
        for k in (0, 1):
            yield Call(f"numpy.polydiv(u, v)[{k}]", {"u": numbers(5), "v": both(3)})
    yield Call("numpy.roots([1.0, a, b])", {"a": 0.3, "b": 0.9})


def _special() -> Iterator[Call]:
    for numbers in (real, both):
        yield Call("scipy.special.wofz(z)", {"z": numbers(2, 3)})
        yield Call("scipy.special.lambertw(z)", {"z": abs(real(3)) * numbers(3) ** 2 + 0.1})
        yield Call("scipy.special.lambertw(z, k)", {"z": numbers(3) ** 2, "k": -2})
    yield Call("scipy.special.wofz(x)", {"x": 0.4})
    yield Call("scipy.special.lambertw(-x, k=-1)", {"x": np.array([0.05, 0.2])})
    for n, m in ((3, -2), (2, 2), (1, 0)):
        yield Call(f"scipy.special.sph_harm_y({n}, {m}, t, p)", {"t": real(2, 3), "p": real(3)})
    yield Call(
        "scipy.special.sph_harm_y(n, m, t, p)",
        {"n": np.array([0, 1, 2]), "m": np.array([0, -1, 1]), "t": 0.7, "p": -0.4},
    )


def _matrices() -> Iterator[Call]:
    for numbers in (real, both):
        for shape in ((3, 3), (2, 3, 3)):
            apart = numbers(*shape) + np.diag([1.0, 3.0, 5.0])
            turning = numbers(*shape) + np.array([[0, 3.0, 0], [-3.0, 0, 0], [0, 0, 1]])
            for a in (apart, turning):
                yield Call("numpy.linalg.eig(a)[0]", {"a": a})
                yield Call("numpy.linalg.eig(a)[1]", {"a": a})
                yield Call("numpy.linalg.eigvals(a)", {"a": a})
    a = both(3, 3) + 2.0 * np.eye(3)
    yield Call("numpy.linalg.inv(a)", {"a": a})
    yield Call("numpy.linalg.det(a)", {"a": a})
    yield Call("numpy.linalg.solve(a, b)", {"a": a, "b": both(3)})
    yield Call("numpy.linalg.solve(a, b)", {"a": a.real, "b": both(3, 2)})
    yield Call("numpy.linalg.solve(a, b)", {"a": a, "b": real(3, 2)})


def _places() -> Iterator[Call]:
    z = both(2, 3)
    for text in (
        "numpy.reshape(z, (3, 2))",
        "numpy.ravel(z)",
        "numpy.transpose(z)",
        "numpy.permute_dims(z)",
        "numpy.matrix_transpose(z)",
        "numpy.swapaxes(z, 0, 1)",
        "numpy.moveaxis(z, 0, 1)",
        "numpy.rollaxis(z, 1)",
        "numpy.squeeze(z[:1])",
        "numpy.expand_dims(z, 1)",
        "numpy.broadcast_to(z, (4, 2, 3))",
        "numpy.atleast_3d(z)",
        *(f"numpy.{name}(z)" for name in ("flip", "flipud", "fliplr", "rot90", "tril", "triu")),
        "numpy.roll(z, 2)",
        "numpy.diag(z)",
        "numpy.diag(z[0])",
        "numpy.diagonal(z)",
        "numpy.diff(z)",
        "numpy.diff(z, 2)",
        "numpy.diff(z, prepend=0.0, append=0.0)",
        "numpy.diff(z, axis=0, prepend=z[:1] * 1j)",
        "numpy.atleast_1d(z)",
        "numpy.atleast_2d(z)",
        *(f"numpy.{name}(z)" for name in ("ascontiguousarray", "asfortranarray", "asanyarray")),
        *(f"numpy.linalg.{name}(z)" for name in ("trace", "diagonal", "matrix_transpose")),
        "numpy.astype(z, complex)",
        "numpy.array(list(z))",
        "numpy.array(tuple(z))",
        "numpy.mean(z, where=numpy.abs(z) > 0.5)",
        "numpy.tile(z, 2)",
        "numpy.repeat(z, 2, axis=1)",
        "numpy.take(z, [0, 2, 2], axis=1)",
        "numpy.copy(z)",
        "z[:, 1:]",
        "z[[0, 1, 1]]",
        "z[numpy.abs(z) > 0.5]",
        "numpy.array_split(z, 2, axis=1)[1]",
        "numpy.split(z, 3, axis=1)[0]",
    ):
        yield Call(text, {"z": z})
    for text in (
        "numpy.concatenate([z, x])",
        "numpy.stack([z, x])",
        "numpy.stack([x, z, x], axis=1)",
        "numpy.vstack([z, x])",
        "numpy.hstack([x, z])",
        "numpy.column_stack([z[0], x[0]])",
        "numpy.where(x > 0.0, z, x)",
        "numpy.where(x > 0.0, 0.0, z * x)",
    ):
        yield Call(text, {"z": z, "x": real(2, 3)})
    yield Call("numpy.full((2, 2), z)", {"z": _number(both())})


def _transforms() -> Iterator[Call]:
    for library in ("numpy.fft", "scipy.fft"):
        for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
            for numbers, more in itertools.product(
                (real, both), ("", "n=4", "n=5", "n=8", "n=9", "norm='ortho'")
            ):
                if numbers is real or name not in ("rfft", "ihfft"):
                    yield Call(f"{library}.{name}(a, {more})", {"a": numbers(6)})
                    yield Call(f"{library}.{name}(a, axis=0, {more})", {"a": numbers(5, 2)})
            yield Call(f"{library}.{name}(a, 3, 0, 'forward')", {"a": real(4, 3)})
        several = ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"]
        if library == "scipy.fft":
            several += ["hfft2", "ihfft2", "hfftn", "ihfftn"]
        for name, numbers, more in itertools.product(
            several,
            (real, both),
            ("", "s=(5, 3), axes=(0, 1)", "axes=(1, 0)", "axes=(0, -1), norm='ortho'"),
        ):
            if numbers is real or name[:2] not in ("rf", "ih"):
                yield Call(f"{library}.{name}(a, {more})", {"a": numbers(3, 4, 3)})
        for name in ("fftshift", "ifftshift"):
            yield Call(f"{library}.{name}(a)", {"a": both(5, 4)})
            yield Call(f"{library}.{name}(a, axes=0)", {"a": real(5, 4)})
        for name in ("fftfreq", "rfftfreq"):
            yield Call(f"{library}.{name}(5, d)", {"d": 0.3})
    yield Call("numpy.sum(numpy.abs(numpy.fft.rfft(a))**2)", {"a": real(7)})
    yield Call("numpy.fft.irfft(numpy.fft.rfft(a) * h, n=len(a))", {"a": real(7), "h": both(4)})


def _spectrograms() -> Iterator[Call]:
    for more in (
        "nperseg=4",
        "2.0, 'hamming', 5, noverlap=1, nfft=8, detrend='constant', boundary=None, scaling='psd'",
        "nperseg=4, padded=False, boundary=None",
        "window=numpy.ones(5), nperseg=None, noverlap=2",
    ):
        yield Call(f"scipy.signal.stft(x, {more})[2]", {"x": real(14)})
        yield Call(f"scipy.signal.stft(x, {more})[2]", {"x": real(2, 13)})


def _helpers() -> Iterator[Call]:
    for text in (
        "retrograd.runtime.resized(z, (3, 1))",
        "retrograd.runtime.half_doubled(z, 4, 1)",
        "retrograd.runtime.half_doubled(z, 5, -1)",
        "retrograd.runtime.as_complex(z)",
        "retrograd.runtime.conjugate(z)",
    ):
        yield Call(text, {"z": both(2, 3)})
    yield Call("retrograd.runtime.as_complex(x)", {"x": real(2, 3)})
    for name in ("irfftn_vjp", "hfftn_vjp"):
        yield Call(f"retrograd.runtime.{name}(x, (3, 4), None, None, None)", {"x": real(3, 6)})
        yield Call(
            f"retrograd.runtime.{name}(x, (4, 3), (3, 5), (1, 0), 'ortho')", {"x": real(5, 3)}
        )


def _turned(value: Any) -> Any:
    """A float or an array of floats with an imaginary part; anything else as it is."""
    if not is_float(value):
        return value
    turned = np.asarray(value, float) + 1j * _RNG.uniform(0.1, 0.4, np.shape(value))
    return turned if isinstance(value, np.ndarray) else _number(turned)


#: Of calls of one function with operands of the same ranks, so many are turned.
_EACH: Final = 6


def turned_calls() -> Iterator[Call]:
    """The calls that the rules are tried on, with complex numbers, where they are said to hold."""
    counts: Counter[str] = Counter()
    seen = set()
    for call in all_calls():
        applied = application(call.expr.value if isinstance(call.expr, Index) else call.expr)
        if not isinstance(applied, Bound) or applied.rule.form == "inactive":
            continue
        path, ranks = applied.rule.path, tuple(map(np.ndim, call.values.values()))
        finite = all(np.all(np.isfinite(v)) for v in call.values.values() if is_float(v))
        alike = path, call.text, ranks
        if _holds(call) and finite and alike not in seen and counts[path] < _EACH:
            seen.add(alike)
            turned = Call(call.text, {name: _turned(v) for name, v in call.values.items()})
            if _can_be_taken(turned) and "float" not in call.text:
                counts[path] += 1
                yield turned


def _holds(call: Call) -> bool:
    """Whether all functions in a call are said to hold."""
    applied = (application(part) for part in subexpressions(call.expr))
    return all(one.rule.path in HOLD for one in applied if isinstance(one, Bound))


def _can_be_taken(call: Call) -> bool:
    """Whether NumPy or SciPy takes complex numbers there, and gives one number or array."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            return not isinstance(call.run(), list | tuple)
        except (TypeError, ValueError, np.exceptions.ComplexWarning):
            return False


def complex_calls() -> list[Call]:
    """All of them."""
    sorts = (
        _elementwise,
        _parts,
        _sums,
        _polynomials,
        _special,
        _matrices,
        _places,
        _transforms,
        _spectrograms,
        _helpers,
    )
    return [*(call for sort in sorts for call in sort()), *turned_calls()]
