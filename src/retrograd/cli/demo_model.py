"""The two models of ``retrograd demo``, in a file of their own so that their source can be read."""

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


def swing(angle: float, length: float) -> float:
    """Energy that a damped pendulum has left after two seconds."""
    speed = 0.0
    for step in range(200):
        # semi-implicit Euler steps of 10 ms
        speed = speed - 0.01 * (9.81 / length * math.sin(angle) + 0.2 * speed)
        angle = angle + 0.01 * speed
    return 0.5 * (length * speed) ** 2 + 9.81 * length * (1.0 - math.cos(angle))


def adsorption(pressure: NDArray[Any], b1: float, b2: float) -> NDArray[Any]:
    """Volume adsorbed in one layer at some pressure: the model of NIST's Misra1a."""
    return b1 * (1.0 - np.exp(-b2 * pressure))


# NIST StRD Misra1a: D. Misra, Dental Research Monomolecular Adsorption Study, 1978. Public domain.
# fmt: off
PRESSURE: Final = np.array([
    77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0,
])
VOLUME: Final = np.array([
    10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78,
])
# fmt: on
#: The start that NIST calls far from the solution.
START: Final = np.array([500.0, 0.0001])
#: Value and standard deviation of each parameter, certified to eleven digits.
CERTIFIED: Final = (
    ("b1", 2.3894212918e02, 2.7070075241e00),
    ("b2", 5.5015643181e-04, 7.2668688436e-06),
)
