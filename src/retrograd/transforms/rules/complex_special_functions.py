"""The functions of scipy.special whose values are complex numbers, also of real ones."""

from typing import Final

from retrograd.transforms.ir.kinds import MAYBE_COMPLEX, Array, Kind, Scalar
from retrograd.transforms.rules.kinds import elementwise
from retrograd.transforms.rules.results import finished, floating
from retrograd.transforms.rules.rule import Rule, Site


def _in_complex_numbers(site: Site) -> Kind:
    """Of the shape that the operands have together."""
    match floating(site):
        case Scalar():
            return Scalar("complex")
        case Array(dims=dims):
            return finished("complex", dims)
        case _:
            return MAYBE_COMPLEX


RULES: Final[tuple[Rule, ...]] = (
    elementwise(
        "scipy.special.wofz(z)",
        z="2j / math.sqrt(math.pi) - 2.0 * z * out",
        result=_in_complex_numbers,
    ),
    elementwise(
        "scipy.special.lambertw(z, k=0, tol=1e-08)",
        z="numpy.exp(-out) / (1.0 + out)",
        kink="inf at -1/e",
        result=_in_complex_numbers,
    ),
    # The ladder operators take Y of m to that of m + 1 and of m - 1; nothing is divided by at a pole.
    elementwise(
        "scipy.special.sph_harm_y(n, m, theta, phi)",
        theta=(
            "numpy.copysign(0.5, numpy.sin(theta)) * (numpy.exp(-1j * phi) * numpy.sqrt((n - m) * (n + m + 1.0))"
            " * scipy.special.sph_harm_y(n, m + 1, theta, phi)"
            " - numpy.exp(1j * phi) * numpy.sqrt((n + m) * (n - m + 1.0))"
            " * scipy.special.sph_harm_y(n, m - 1, theta, phi))"
        ),
        phi="1j * m * out",
        kink="the slope on the side of positive sines, where theta is a multiple of pi",
        result=_in_complex_numbers,
    ),
)
