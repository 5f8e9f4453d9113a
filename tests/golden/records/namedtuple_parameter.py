"""Fields called `T` and `size` are the user's data, and no attributes of an array.

wrt: gas    mode: grad    at: gas=Gas(300.0, 0.02, 1.5)
"""

import math
from typing import NamedTuple


class Gas(NamedTuple):
    T: float
    size: float
    n: float


def pressure(gas: Gas):
    volume = gas.size**3
    return gas.n * gas.T / volume + math.log(gas[1])


# ---- gradient ----
from types import SimpleNamespace

from retrograd.runtime import restructure


def pressure_grad(gas):
    """Gradient of `pressure` with respect to gas."""
    volume = gas.size**3

    gas_bar = SimpleNamespace()
    # return gas.n * gas.T / volume + math.log(gas[1])
    gas_bar.n = gas.T / volume
    gas_bar.T = gas.n / volume
    volume_bar = -gas.n * gas.T / volume / volume
    gas_bar.size = 1.0 / gas.size
    # volume = gas.size**3
    gas_bar.size += 3.0 * gas.size**2 * volume_bar
    return restructure(gas_bar, gas)
