"""The kinds of results of interpolation, differences and the trapezoidal rule."""

from retrograd.transforms.ir.kinds import UNKNOWN, Array, Kind, Sequence
from retrograd.transforms.rules.results import as_array, axes_of, finished
from retrograd.transforms.rules.rule import VARIES, Site


def interpolated(site: Site) -> Kind:
    """``numpy.interp``: a float for each `x`."""
    array = as_array(site.kind("x"))
    if array is None or array.dims is None:
        return UNKNOWN
    return finished("float", array.dims)


def slopes(site: Site) -> Kind:
    """``numpy.gradient``: an array of the shape of the operand, or a tuple of one for each axis."""
    array = as_array(site.kind("f"))
    axis = site.constant("axis")
    if array is None or array.rank is None or axis is VARIES:
        return UNKNOWN
    one = Array("float", array.dims)
    count = array.rank if axis is None else len(axis) if isinstance(axis, tuple) else 1
    return one if count == 1 else Sequence("tuple", (one,) * count, one)


def integrated(site: Site) -> Kind:
    """``numpy.trapezoid``: `axis` taken away."""
    array = as_array(site.kind("y"))
    x = site.kind("x")
    axes = axes_of(site.constant("axis"), None if array is None else array.rank)
    if array is None or array.dims is None or axes is None or site.constant("axis") is None:
        return UNKNOWN
    if isinstance(x, Array) and (x.rank or 9) > len(array.dims):
        return UNKNOWN
    return finished("float", tuple(dim for k, dim in enumerate(array.dims) if k not in axes))


def unwrapped(site: Site) -> Kind:
    """``numpy.unwrap``: of the shape of the operand; whole numbers may become floats."""
    array = as_array(site.kind("p"))
    if array is None:
        return UNKNOWN
    return Array("float" if array.dtype == "float" else None, array.dims)
