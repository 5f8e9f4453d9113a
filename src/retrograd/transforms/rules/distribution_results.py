"""The kinds of what distributions of several variables give."""

from retrograd.transforms.ir.kinds import FLOAT, UNKNOWN, Array, Kind
from retrograd.transforms.rules.results import finished, first_array
from retrograd.transforms.rules.rule import Site


def of_points(site: Site) -> Kind:
    """A float for each point, which the last axis is one of."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return finished("float", None if array.dims is None else array.dims[:-1])


def of_counts(site: Site) -> Kind:
    """A float for each row of counts, in an array even if there is one row."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return Array("float", None if array.dims is None else array.dims[:-1])


def of_columns(site: Site) -> Kind:
    """A float for each point, which the first axis is one of."""
    array = first_array(site)
    if array is None:
        return UNKNOWN
    return finished("float", None if array.dims is None else array.dims[1:])


def number(site: Site) -> Kind:
    """A float."""
    return FLOAT
