"""NumPy's functions of polynomials, whose coefficients stand in a row, the highest power first."""

from typing import Final

from retrograd.transforms.rules.kinds import general, linear
from retrograd.transforms.rules.polynomial_results import (
    coefficients,
    divided,
    evaluated,
    fitted,
    powers,
    vandermonde,
    zeros,
)
from retrograd.transforms.rules.rule import Formula, Rule, complex_operands, given, variants

_EXPONENTS: Final = variants(
    (given(increasing=True), "numpy.arange(shape(out)[1])"),
    (given(increasing=False), "numpy.arange(shape(out)[1])[::-1]"),
    otherwise="numpy.arange(shape(out)[1])[:: 1 if increasing else -1]",
)
_FULL: Final = "size(a1) + size(a2) - 1 - size(g)"


def _factor(other: str) -> Formula:
    """The cotangent of one factor of a product; NumPy conjugates what it correlates with."""
    text = f"numpy.correlate(numpy.pad(g, ({_FULL}, 0)), {{}})"
    return variants(
        (complex_operands, text.format(f"numpy.conj({other})")), otherwise=text.format(other)
    )


RULES: Final[tuple[Rule, ...]] = (
    general(
        "numpy.polyval(p, x)",
        p="numpy.ravel(g) @ numpy.vander(numpy.ravel(x), len(p))",
        x="g * numpy.polyval(numpy.polyder(p), x)",
        jvp={
            "p": "numpy.polyval(p_dot, x)",
            "x": "numpy.polyval(numpy.polyder(p), x) * x_dot",
        },
        result=evaluated,
    ),
    linear(
        "numpy.polyder(p, m=1)",
        p="numpy.append(g * numpy.arange(len(p) - 1, 0, -1), 0.0)",
        only={"m": (1,)},
        result=coefficients,
    ),
    linear(
        "numpy.polyint(p, m=1, k=None)",
        p="g[:-1] / numpy.arange(len(p), 0, -1)",
        only={"m": (1,), "k": (None,)},
        result=coefficients,
    ),
    linear(
        "numpy.polyadd(a1, a2)",
        a1="g[-len(a1) :]",
        a2="g[-len(a2) :]",
        result=coefficients,
    ),
    linear(
        "numpy.polysub(a1, a2)",
        a1="g[-len(a1) :]",
        a2="-g[-len(a2) :]",
        result=coefficients,
    ),
    general(
        "numpy.polymul(a1, a2)",
        a1=_factor("a2"),
        a2=_factor("a1"),
        jvp={
            "a1": "numpy.convolve(a1_dot, a2)[-size(out) :]",
            "a2": "numpy.convolve(a1, a2_dot)[-size(out) :]",
        },
        result=coefficients,
    ),
    general(
        "numpy.polydiv(u, v)",
        u="polydiv_vjp(g[0], g[1], v, out[0], size(u))",
        v="polydiv_vjp_v(g[0], g[1], v, out[0], size(u))",
        jvp={
            "u": "polydiv_jvp(u_dot, v, out[1])",
            "v": "polydiv_jvp(-numpy.convolve(v_dot, out[0])[-size(u) :], v, out[1])",
        },
        result=divided,
    ),
    general(
        "numpy.roots(p)",
        p="-(g / steepness) @ powers",
        jvp="-(powers @ p_dot) / steepness",
        let={
            "powers": "numpy.vander(out, size(p))",
            "steepness": "numpy.polyval(numpy.polyder(p), out)",
        },
        kink="inf or nan where roots meet",
        result=zeros,
    ),
    linear(
        "numpy.polyfit(x, y, deg)",
        y="numpy.linalg.pinv(numpy.vander(x, deg + 1)).T @ g",
        result=fitted,
    ),
    general(
        "numpy.poly(seq_of_zeros)",
        seq_of_zeros="poly_slopes(seq_of_zeros) @ g",
        jvp="seq_of_zeros_dot @ poly_slopes(seq_of_zeros)",
        result=powers,
    ),
    general(
        "numpy.vander(x, N=None, increasing=False)",
        x="numpy.sum(g * slopes, axis=1)",
        jvp="slopes * numpy.expand_dims(x_dot, 1)",
        let={
            "exponents": _EXPONENTS,
            "slopes": ("exponents * numpy.expand_dims(x, 1) ** numpy.maximum(exponents - 1, 0)"),
        },
        result=vandermonde,
    ),
)
