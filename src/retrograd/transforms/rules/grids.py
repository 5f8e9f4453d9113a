"""Values between the points of a grid: ``RegularGridInterpolator``, ``map_coordinates``; densities.

An object is made and called at once, as in interpolators.py.
"""

from typing import Final

from retrograd.transforms.ir.kinds import ANY, Array, Kind
from retrograd.transforms.rules.kinds import general
from retrograd.transforms.rules.results import always, as_array
from retrograd.transforms.rules.rule import Rule, Site

_GRID: Final = "points, xi, method=method, fill_value=fill_value"
_IMAGE: Final = "coordinates, order=order, mode=mode, prefilter=prefilter"
_FACTOR: Final = "kde_factor(dataset, bw_method=bw_method, weights=weights)"
_DENSITY: Final = f"points, dataset, {_FACTOR}, weights=weights"
_FLOATS: Final = always(Array("float", None))


def _image(site: Site) -> Kind:
    """Of the class of numbers that the image has: whole ones stay whole."""
    image = as_array(site.kind("input"))
    return Array("float" if image is not None and image.dtype == "float" else None, None)


RULES: Final[tuple[Rule, ...]] = (
    general(
        "scipy.interpolate.RegularGridInterpolator.__call__(points, values, method='linear',"
        " bounds_error=True, fill_value=nan, *, xi)",
        values=f"grid_vjp_values(g, {_GRID.replace(' xi,', ' shape(values), xi,')})",
        xi=f"grid_vjp_points(g, values, {_GRID})",
        jvp={
            "values": f"grid_jvp_values(values_dot, {_GRID.replace(' xi,', ' out, xi,')})",
            "xi": f"grid_jvp_points(xi_dot, values, {_GRID.replace(' xi,', ' out, xi,')})",
        },
        only={"method": ("linear", "nearest")},
        kink="the mean of both slopes at a point of the grid",
        result=_FLOATS,
    ),
    general(
        'scipy.ndimage.map_coordinates(input, coordinates, output=None, order=3, mode="constant",'
        " cval=0.0, prefilter=True)",
        input=f"image_vjp(g, shape(input), {_IMAGE})",
        coordinates=f"g * image_slopes(require_floats(input), {_IMAGE})",
        jvp={
            "input": f"scipy.ndimage.map_coordinates(input_dot, {_IMAGE})",
            "coordinates": (
                f"numpy.sum(image_slopes(require_floats(input), {_IMAGE}) * coordinates_dot, axis=0)"
            ),
        },
        only={
            "output": (None,),
            "order": (0, 1, 2, 3, 4, 5),
            "mode": ("constant", "mirror", "grid-wrap"),
        },
        kink="the mean of both slopes of lines; 0 outside",
        result=_image,
    ),
    general(
        "scipy.stats.gaussian_kde.__call__(dataset, bw_method=None, weights=None, *, points)",
        dataset=f"kde_vjp_dataset(g, {_DENSITY})",
        points=f"kde_vjp_points(g, {_DENSITY})",
        jvp={
            "dataset": f"kde_jvp_dataset(dataset_dot, {_DENSITY})",
            "points": f"kde_jvp_points(points_dot, {_DENSITY})",
        },
        result=always(Array("float", (ANY,))),
    ),
)
