"""Calls of SciPy's interpolants, made and called at once."""

import numpy as np

from tests.rules.calls import RANGES, Call, numbers

_KNOTS = "[0.0, 0.7, 1.5, 2.2, 3.0]"
_GRID = "[0.0, 0.4, 1.0], [1.0, 0.7, 0.3, 0.0]"
_VALUES = numbers((3, 4), 0, RANGES[0])
_INSIDE = np.array([[0.1, 0.2], [0.33, 0.9], [0.72, 0.45]])
_AROUND = np.array([[0.2, 1.3, 2.4, -0.7], [0.4, 2.7, -0.3, 3.3]])
_T = np.array([0.2, 1.3, 2.9])


def _at(made: str, *, called: str = "t", y: tuple[int, ...] = (5,)) -> Call:
    """An interpolant that `made` makes of ``x, y``, called at points."""
    text = f"scipy.interpolate.{made.replace('x,', f'{_KNOTS},')}({called})"
    return Call(text, {"y": numbers(y, 0, RANGES[0]), "t": _T})


def _of_points(made: str) -> list[Call]:
    values = "[1.0, 0.3, -0.5, 2.0, 1.0]"
    text = f"scipy.interpolate.{made.format(f'{_KNOTS}, {values}')}"
    return [Call(f"{text}(t)", {"t": _T}), Call(f"{text}(t, 1)", {"t": _T})]


WRITTEN: dict[str, list[Call]] = {
    "scipy.interpolate.CubicSpline.__call__": [
        _at("CubicSpline(x, y)"),
        _at("CubicSpline(x, y, bc_type='natural')", called="t, 1"),
        _at("CubicSpline(x, y, 0, 'clamped', extrapolate=False)", y=(5, 2)),
    ],
    "scipy.interpolate.make_interp_spline.__call__": [
        _at("make_interp_spline(x, y)"),
        _at("make_interp_spline(x, y, k=2)", called="t, nu=1"),
        _at("make_interp_spline(x, y, 1)", y=(5, 2)),
    ],
    "scipy.interpolate.PchipInterpolator.__call__": _of_points("PchipInterpolator({})"),
    "scipy.interpolate.Akima1DInterpolator.__call__": _of_points("Akima1DInterpolator({})"),
    "scipy.interpolate.interp1d.__call__": [
        _at(f"interp1d(x, y, kind='{kind}')")
        for kind in (
            "linear",
            "slinear",
            "quadratic",
            "cubic",
            "nearest",
            "previous",
            "next",
            "zero",
        )
    ]
    + [_at("interp1d(x, y, fill_value='extrapolate')", called="t + 1.0")],
    "scipy.interpolate.RegularGridInterpolator.__call__": [
        Call(
            text.replace("GRID", f"scipy.interpolate.RegularGridInterpolator(({_GRID}), v"), values
        )
        for text, values in (
            ("GRID)(p)", {"v": _VALUES, "p": _INSIDE}),
            ("GRID, bounds_error=False, fill_value=None)(p * 2.0)", {"v": _VALUES, "p": _INSIDE}),
            ("GRID, 'linear', False, 0.5)(p * 2.0)", {"v": _VALUES, "p": _INSIDE}),
            ("GRID, method='nearest')(p)", {"v": _VALUES, "p": _INSIDE}),
            ("GRID)((x, y))", {"v": _VALUES, "x": _INSIDE[:, 0], "y": 0.4}),
            ("GRID)(p)", {"v": numbers((3, 4, 2), 0, RANGES[0]), "p": _INSIDE[0]}),
        )
    ],
    "scipy.ndimage.map_coordinates": [
        *(
            Call(
                f"scipy.ndimage.map_coordinates(v, p, order={order}, mode='{mode}')",
                {"v": _VALUES, "p": _AROUND},
            )
            for order in range(6)
            for mode in ("constant", "mirror", "grid-wrap")
        ),
        Call(
            "scipy.ndimage.map_coordinates(v, p, cval=0.5, prefilter=False)",
            {"v": _VALUES, "p": _AROUND},
        ),
    ],
    "retrograd.runtime.evaluated": [
        Call(
            "retrograd.runtime.evaluated("
            f"scipy.interpolate.CubicSpline({_KNOTS}, [1.0, 0.3, -0.5, 2.0, 1.0]), t)",
            {"t": _T},
        )
    ],
}
