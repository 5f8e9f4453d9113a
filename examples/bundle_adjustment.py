"""Find where cameras stood and what they saw, from where its points are in their pictures.

Poses and points are fitted at once, parameters in a dict. The first camera is the frame of reference;
the size of the scene is not to be seen in pictures, so one coordinate of the second camera is given.
The method is Powell's dogleg: "lm" ends with the exact Hessian, which many parameters make dear.

    python examples/bundle_adjustment.py
"""

import numpy as np

import retrograd as rg

CAMERAS, POINTS = 3, 8
NOISE = 1e-3  # of a picture, in units of the focal length


def turned(rotation, points):
    """`points`, shape (k, 3), turned about the vector `rotation` by its length (Rodrigues)."""
    angle = np.sqrt(np.sum(rotation**2) + 1e-24)
    axis = rotation / angle
    along = (points @ axis)[:, None] * axis[None, :]
    across = np.stack(
        [
            axis[1] * points[:, 2] - axis[2] * points[:, 1],
            axis[2] * points[:, 0] - axis[0] * points[:, 2],
            axis[0] * points[:, 1] - axis[1] * points[:, 0],
        ],
        axis=1,
    )
    return np.cos(angle) * points + np.sin(angle) * across + (1.0 - np.cos(angle)) * along


def pictures(scene):
    """Where each camera sees each point, shape (CAMERAS, POINTS, 2)."""
    seen = np.zeros((CAMERAS, POINTS, 2))
    for k in range(CAMERAS):
        inside = turned(scene["rotations"][k], scene["points"]) + scene["places"][k]
        seen[k] = inside[:, :2] / inside[:, 2:]
    return seen


def residual(scene, observed):
    return (pictures(scene) - observed).ravel() / NOISE


def main() -> None:
    rng = np.random.default_rng(5)
    truth = {
        "rotations": 0.3 * rng.standard_normal((CAMERAS, 3)),
        "places": 0.8 * rng.standard_normal((CAMERAS, 3)),
        "points": rng.uniform(-1.0, 1.0, (POINTS, 3)) + np.array([0.0, 0.0, 6.0]),
    }
    truth["rotations"][0] = 0.0
    truth["places"][0] = 0.0
    truth["places"][1, 0] = -1.0
    observed = pictures(truth) + NOISE * rng.standard_normal((CAMERAS, POINTS, 2))

    start = {name: part + 0.05 * rng.standard_normal(part.shape) for name, part in truth.items()}
    start["rotations"][0] = 0.0
    start["places"][0] = 0.0
    start["places"][1, 0] = -1.0
    frame = [f"{name}[0, {k}]" for name in ("rotations", "places") for k in range(3)]
    found = rg.least_squares(
        residual, start, (observed,), method="dogleg", fixed=[*frame, "places[1, 0]"]
    )
    print(found.message)
    print(f"{found.fun.size} residuals, {found.fitted} parameters, {found.nit} steps")

    chi2 = found.statistics["reduced_chi2"]
    errors = np.concatenate([(found.x[name] - truth[name]).ravel() for name in truth])
    free = found.stderr > 0
    off = float(np.sqrt(np.mean((errors[free] / found.stderr[free]) ** 2)))
    print(f"reduced χ² {chi2:.2f}; parameters are {off:.2f} standard errors off, root mean square")
    if not (found.success and 0.4 < chi2 < 1.8 and off < 2.0):
        raise SystemExit("check failed: this is not the scene")
    print("check passed: cameras and points are where they were, within what the noise allows")


if __name__ == "__main__":
    main()
