"""Objects of scipy.interpolate, made and called at once: ``CubicSpline(x, y)(at, nu)``.

What is interpolated is linear in the values, so the basis functions, interpolants of unit vectors,
transpose it; the slope at a point is the next derivative of the interpolant.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from retrograd.transforms.ir.kinds import Array, Kind, Scalar
from retrograd.transforms.rules.kinds import general
from retrograd.transforms.rules.results import always, as_array, finished
from retrograd.transforms.rules.rule import Formula, Rule, Site, given, variants

_UNIT: Final = "numpy.eye(shape(x)[0])"
_LINE: Final = "scipy.interpolate.make_interp_spline(x, vector(y), k=1)"
_ENDS: Final = ("not-a-knot", "natural", "clamped")


def _at_points(site: Site) -> Kind:
    """A value for each point, and for each of what stands behind the first axis of `y`."""
    at, y = as_array(site.kind("at")), as_array(site.kind("y"))
    if at is None or y is None or at.dims is None or not y.dims:
        return Array("float", None)
    made = finished("float", at.dims + y.dims[1:])
    return Array("float", ()) if isinstance(made, Scalar) else made


def _called(made: str, y: str, around: str = "{0}", more: int = 0) -> Formula:
    """A formula `around` an interpolant of `y`, of its derivative of order `nu` and `more`."""
    call = made.format(y=y)
    order = {0: "", 1: ", 1"}[more]
    plain = around.format(f"{call}(at{order})")
    other = around.format(f"{call}(at, nu{f' + {more}' if more else ''})")
    return variants((given(nu=0), plain), otherwise=other)


def _spline(
    path: str, made: str, linear: Mapping[str, tuple[object, ...]] | None
) -> Iterator[Rule]:
    """The rules of an interpolant, which `made` makes of ``{y}``.

    `linear` says where it is linear in its values; for others there is a derivative for the points.
    """
    header = f"{path}, *, at, nu=0)"
    by_point = _called(made, "y", "sum_behind(g * {0}, at)", 1)
    along_point = _called(made, "y", "spread_behind(at_dot, {0}) * {0}", 1)
    if linear is not None:
        yield general(
            header,
            y=_called(made, _UNIT, "through_basis(g, {0}, at)"),
            at=by_point,
            jvp={"y": _called(made, "y_dot"), "at": along_point},
            only=linear,
            result=_at_points,
        )
    yield general(
        header,
        at=by_point,
        jvp={"at": along_point},
        only={"axis": (0,)},
        note="for the points" if linear is None else "",
        result=_at_points,
    )


RULES: Final[tuple[Rule, ...]] = (
    general(
        "retrograd.runtime.evaluated(interpolant, at, nu=0, extrapolate=None)",
        at="sum_behind(g * evaluated(interpolant, at, nu + 1, extrapolate=extrapolate), at)",
        jvp=(
            "spread_behind(at_dot, evaluated(interpolant, at, nu + 1, extrapolate=extrapolate))"
            " * evaluated(interpolant, at, nu + 1, extrapolate=extrapolate)"
        ),
        result=always(Array("float", None)),
    ),
    *_spline(
        "scipy.interpolate.CubicSpline.__call__(x, y, axis=0, bc_type='not-a-knot',"
        " extrapolate=None",
        "scipy.interpolate.CubicSpline(x, {y}, bc_type=bc_type, extrapolate=extrapolate)",
        {"axis": (0,), "bc_type": _ENDS},
    ),
    *_spline(
        "scipy.interpolate.PchipInterpolator.__call__(x, y, axis=0, extrapolate=None",
        "scipy.interpolate.PchipInterpolator(x, {y}, extrapolate=extrapolate)",
        None,
    ),
    *_spline(
        "scipy.interpolate.Akima1DInterpolator.__call__(x, y, axis=0, method='akima',"
        " extrapolate=None",
        "scipy.interpolate.Akima1DInterpolator(x, {y}, method=method, extrapolate=extrapolate)",
        None,
    ),
    *_spline(
        "scipy.interpolate.make_interp_spline.__call__(x, y, k=3, t=None, bc_type=None, axis=0,"
        " check_finite=True",
        "scipy.interpolate.make_interp_spline(x, {y}, k=k, t=t, bc_type=bc_type)",
        {"axis": (0,), "t": (None,), "bc_type": (None, *_ENDS)},
    ),
    *(
        general(
            "scipy.interpolate.interp1d.__call__(x, y, kind='linear', axis=-1, copy=True,"
            " bounds_error=None, fill_value=None, assume_sorted=False, *, at)",
            y="through_basis(g, scipy.interpolate.interp1d(x, numpy.eye(shape(vector(y))[0]),"
            " kind=kind, axis=0, bounds_error=bounds_error, fill_value=fill_value)(at), at)",
            at=f"sum_behind(g * {slope}, at)",
            jvp={
                "y": "scipy.interpolate.interp1d(x, vector(y_dot), kind=kind,"
                " bounds_error=bounds_error, fill_value=fill_value)(at)",
                "at": f"spread_behind(at_dot, {slope}) * {slope}",
            },
            only={"kind": kinds, "axis": (-1, 0), "fill_value": (None, "extrapolate")},
            kink=kink,
            result=_at_points,
        )
        for kinds, slope, kink in (
            (
                ("linear", "slinear"),
                f"(0.5 * ({_LINE}(at, 1) + {_LINE}(numpy.nextafter(at, -math.inf), 1)))",
                "the mean of both slopes at a knot",
            ),
            (
                ("quadratic",),
                "scipy.interpolate.make_interp_spline(x, vector(y), k=2)(at, 1)",
                "",
            ),
            (("cubic",), "scipy.interpolate.make_interp_spline(x, vector(y))(at, 1)", ""),
            (
                ("nearest", "nearest-up", "previous", "next", "zero"),
                "numpy.zeros(shape(at))",
                "0 at the points, though it jumps",
            ),
        )
    ),
)
