"""A helper called in a loop: its two halves share a tape that the caller owns.

wrt: volumes, scale    mode: grad    at: volumes=np.array([1.0, 2.0, 3.5]), scale=1.2
types: volumes: float[n], scale: float
"""

import numpy as np


def cube_root(c, z):
    """Newton steps for z**3 = c."""
    for _ in range(5):
        z = z - (z * z * z - c) / (3.0 * z * z)
    return z


def total_radius(volumes, scale):
    total = 0.0
    z = 1.0
    for i in range(len(volumes)):
        z = cube_root(scale * volumes[i], z)  # warm start
        total = total + z * z
    return total


# ---- gradient ----
def cube_root_fwd(c, z, z_saved):
    """cube_root(c, z); appends to z_saved what cube_root_bwd takes back."""
    for _ in range(5):
        z_saved.append(z)
        z = z - (z * z * z - c) / (3.0 * z * z)
    return z


def cube_root_bwd(c, z_saved, out_bar):
    """Gradient of `cube_root` with respect to (c, z), times out_bar."""
    z_bar = out_bar
    c_bar = 0.0
    for _ in range(5):
        z = z_saved.pop()
        # z = z - (z * z * z - c) / (3.0 * z * z)
        den = 3.0 * z * z
        prod_bar = (z * z * z - c) * z_bar / den / den
        c_bar += z_bar / den
        z_bar = z_bar + 6.0 * z * prod_bar - den * z_bar / den
    return c_bar, z_bar


def total_radius_grad(volumes, scale):
    """Gradient of `total_radius` with respect to (volumes, scale)."""
    cube_root_saved = []
    z_saved = []
    z = 1.0
    for i in range(len(volumes)):
        z = cube_root_fwd(scale * volumes[i], z, cube_root_saved)  # warm start
        z_saved.append(z)

    total_bar = 1.0
    scale_bar = 0.0
    volumes_bar = np.zeros_like(volumes)
    z_bar = 0.0
    for i in reversed(range(len(volumes))):
        z = z_saved[i]
        # total = total + z * z
        z_bar += 2.0 * z * total_bar
        # z = cube_root(scale * volumes[i], z)
        c_bar, z_bar = cube_root_bwd(scale * volumes[i], cube_root_saved, z_bar)
        scale_bar += volumes[i] * c_bar
        volumes_bar[i] += scale * c_bar
    return volumes_bar, scale_bar
