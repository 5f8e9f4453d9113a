"""Whether a point without a slope is a minimum: a few Hessian products, and a look around where it is flat.

A vanishing gradient is what minima, saddles and maxima have in common. The smallest curvatures come
from the Hessian on a space that its products with one vector span (all of them, for few parameters).
One below zero settles it. Where there is none, but some are zero, as for x³ - 3 x y², the function
decides: if it falls faster than in proportion to the distance it bends downwards there, which no
function does around a minimum, however flat. The same question goes to the direction of the smallest
curvature where the slope leaves its minimum open, as on the way into the inflection of x³.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retrograd.runtime.solvers.objective import Objective, Place
from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS

#: How many Hessian products we spend.
MAX_PRODUCTS = 24
#: Curvatures smaller than this, relative to the largest, are taken as zero.
FLAT = 1e-6
#: Steps to the minimum of a parabola longer than this, relative to the largest parameter, leave it open.
OPEN = 1e-8
#: How many directions we look along where the function is flat.
MAX_DIRECTIONS = 12
#: The shortest distance that we look, relative to the largest parameter.
LOOK = 1e-3
#: By what a fall must grow over twice the distance; 2 is in proportion, 4 a curvature.
GROWTH = 3.0
MAX_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Down:
    """A way down from a point without a slope.

    Args:
        direction: a unit vector, shape (n,).
        curvature: along it; None where the Hessian has none, and higher derivatives lead down.
        length: a step that leads lower.
    """

    direction: Array
    curvature: float | None
    length: float

    def __str__(self) -> str:
        if self.curvature is not None:
            return f"there is a direction of curvature {self.curvature:.3g}"
        return f"there is a lower value within {self.length:.2g} of it"

    def farther(self, problem: Objective, place: Place) -> Place:
        """The last of the places at twice the distance each time to which the value falls."""
        best, length = place, self.length
        for sign in (1.0, -1.0):
            for k in range(MAX_DOUBLINGS):
                move = sign * 2.0**k * length * self.direction
                there = problem.moved(place, move, 1.0)
                if not (there.finite and there.value < best.value):
                    break
                best = there
        return best


def way_down(problem: Objective, place: Place) -> Down | None:
    """A way down from `place`, where the gradient is close to zero; None where none was seen.

    Source: Parlett, *The symmetric eigenvalue problem*, 1980, chapter 13, for the Krylov space.
    """
    free = problem.free(place)
    if not np.any(free):
        return None
    random = np.random.default_rng(0)
    curvatures, axes = _smallest_curvatures(problem, place, free, random)
    size = _size(place)
    length = LOOK * size
    largest = float(np.max(np.abs(curvatures), initial=0.0))
    if not np.all(np.isfinite(curvatures)):
        return None
    flat = curvatures <= FLAT * largest
    flat[0] |= abs(float(axes[0] @ place.gradient)) > OPEN * size * curvatures[0]
    if curvatures[0] < -FLAT * largest:
        if problem.box is None:
            return Down(axes[0], float(curvatures[0]), length)
        flat[0] = True  # the way may lead out of the box
    around = _fall(problem, place, list(_directions(axes[flat], random)), length)
    if around is None:
        return None
    bend = float(around @ problem.hessian_product(place, around))
    return Down(around, bend if bend < -FLAT * largest else None, 4 * length)


def slope_leads_on(problem: Objective, place: Place, tol: float) -> bool:
    """Whether there is a slope above `tol` along an axis with no minimum near, by its curvature.

    There a method whose own steps end goes by a wrong curvature, as where a value falls without end.
    Slopes and curvatures that may be rounding are taken as zero.
    """
    free = problem.free(place)
    if not np.any(free):
        return False
    curvatures, axes = _smallest_curvatures(problem, place, free, np.random.default_rng(0))
    curvatures[curvatures < MAX_PRODUCTS * EPS * np.max(np.abs(curvatures))] = 0.0
    slopes = np.abs(axes @ place.gradient)
    near = OPEN * _size(place)
    seen = (slopes > tol) & (slopes * near > EPS * abs(place.value))
    return bool(np.any(seen & (slopes > near * curvatures)))


def _size(place: Place) -> float:
    return float(np.max(np.abs(place.x), initial=0.0)) or 1.0


def _smallest_curvatures(
    problem: Objective, place: Place, free: Array, random: np.random.Generator
) -> tuple[Array, Array]:
    """Curvatures in ascending order, shape (k,), and the unit vectors (k, n) that they are along."""
    count = min(int(np.sum(free)), MAX_PRODUCTS)
    basis, products = np.zeros((0, free.size)), np.zeros((0, free.size))
    following = random.standard_normal(free.size)
    while len(basis) < count:
        before = float(np.linalg.norm(following))
        for _ in range(2):  # twice is enough, for a right angle to rounding
            following = free * (following - basis.T @ (basis @ following))
        length = float(np.linalg.norm(following))
        if length <= 1e-8 * before or before == 0:  # the products span no more: go on elsewhere
            following = random.standard_normal(free.size)
            continue
        basis = np.vstack([basis, following / length])
        following = free * problem.hessian_product(place, basis[-1])
        products = np.vstack([products, following])
        if not np.all(np.isfinite(following)):
            return np.full(1, np.nan), basis
    projected = basis @ products.T
    curvatures, turned = np.linalg.eigh(0.5 * (projected + projected.T))
    return curvatures, turned.T @ basis


def _directions(axes: Array, random: np.random.Generator) -> Iterator[Array]:
    """Unit vectors in the space of `axes` (k, n), both ways: each of the first few, and mixtures."""
    several = MAX_DIRECTIONS if len(axes) > 1 else 0
    mixtures = random.standard_normal((several, len(axes))) @ axes
    for vector in (*axes[:MAX_DIRECTIONS], *mixtures):
        unit = vector / np.linalg.norm(vector)
        yield unit
        yield -unit


def _fall(problem: Objective, place: Place, directions: list[Array], length: float) -> Array | None:
    """The first of `directions` along which the value falls faster than in proportion, if any."""

    def drop(direction: Array, distance: float) -> float:
        return place.value - problem.moved(place, distance * direction, 1.0).value

    noise = max((abs(drop(one, 1e-5 * length)) for one in directions[::2]), default=0.0)
    for direction in directions:
        before = 10 * noise
        for k in range(3):
            now = drop(direction, 2**k * length)
            if not now > before:
                break
            before = GROWTH * now
        else:
            return direction
    return None
