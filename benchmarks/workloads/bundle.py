"""Bundle adjustment: square reprojection errors of points seen by cameras."""

import math

import numpy as np

from workloads.workload import Workload


def bundle(cameras, points, camera_of, point_of, seen):
    """A camera has a rotation vector, a translation, a focal length and two distortions."""
    total = 0.0
    for k in range(len(seen)):
        cam = cameras[camera_of[k]]
        X = points[point_of[k]]
        # Rodrigues rotation
        theta = math.sqrt(cam[0] * cam[0] + cam[1] * cam[1] + cam[2] * cam[2])
        c = math.cos(theta)
        s = math.sin(theta)
        w0 = cam[0] / theta
        w1 = cam[1] / theta
        w2 = cam[2] / theta
        dot = (w0 * X[0] + w1 * X[1] + w2 * X[2]) * (1.0 - c)
        px = X[0] * c + (w1 * X[2] - w2 * X[1]) * s + w0 * dot + cam[3]
        py = X[1] * c + (w2 * X[0] - w0 * X[2]) * s + w1 * dot + cam[4]
        pz = X[2] * c + (w0 * X[1] - w1 * X[0]) * s + w2 * dot + cam[5]
        # perspective division and radial distortion
        x = -px / pz
        y = -py / pz
        n = x * x + y * y
        g = cam[6] * (1.0 + n * (cam[7] + cam[8] * n))
        du = g * x - seen[k, 0]
        dv = g * y - seen[k, 1]
        total += du * du + dv * dv
    return total


def arguments(realistic):
    views, places, count = (10, 100, 500) if realistic else (2, 3, 5)
    rng = np.random.default_rng(0)
    cameras = np.zeros((views, 9))
    cameras[:, :3] = 0.3 * rng.normal(size=(views, 3))
    cameras[:, 3:6] = rng.normal(size=(views, 3)) * 0.1 + [0.0, 0.0, -6.0]
    cameras[:, 6:] = [2.0, -0.05, 0.01]
    return (
        cameras,
        rng.normal(size=(places, 3)),
        rng.integers(0, views, size=count),
        rng.integers(0, places, size=count),
        rng.normal(size=(count, 2)),
    )


def by_hand(cameras, points, camera_of, point_of, seen):
    cameras_bar = np.zeros_like(cameras)
    points_bar = np.zeros_like(points)
    for k in range(len(seen)):
        i, j = camera_of[k], point_of[k]
        cam, X = cameras[i], points[j]
        X0, X1, X2 = X[0], X[1], X[2]
        r0, r1, r2 = cam[0], cam[1], cam[2]
        theta = math.sqrt(r0 * r0 + r1 * r1 + r2 * r2)
        c, s = math.cos(theta), math.sin(theta)
        w0, w1, w2 = r0 / theta, r1 / theta, r2 / theta
        along = w0 * X0 + w1 * X1 + w2 * X2
        dot = along * (1.0 - c)
        cross0, cross1, cross2 = w1 * X2 - w2 * X1, w2 * X0 - w0 * X2, w0 * X1 - w1 * X0
        px = X0 * c + cross0 * s + w0 * dot + cam[3]
        py = X1 * c + cross1 * s + w1 * dot + cam[4]
        pz = X2 * c + cross2 * s + w2 * dot + cam[5]
        x, y = -px / pz, -py / pz
        n = x * x + y * y
        f, k1, k2 = cam[6], cam[7], cam[8]
        bend = 1.0 + n * (k1 + k2 * n)
        u_bar = 2.0 * (f * bend * x - seen[k, 0])
        v_bar = 2.0 * (f * bend * y - seen[k, 1])
        g_bar = u_bar * x + v_bar * y
        n_bar = f * (k1 + 2.0 * k2 * n) * g_bar
        x_bar = f * bend * u_bar + 2.0 * x * n_bar
        y_bar = f * bend * v_bar + 2.0 * y * n_bar
        px_bar, py_bar = -x_bar / pz, -y_bar / pz
        pz_bar = x * px_bar + y * py_bar
        dot_bar = w0 * px_bar + w1 * py_bar + w2 * pz_bar
        along_bar = (1.0 - c) * dot_bar
        c_bar = X0 * px_bar + X1 * py_bar + X2 * pz_bar - along * dot_bar
        s_bar = cross0 * px_bar + cross1 * py_bar + cross2 * pz_bar
        # of the cross product, s times the cotangents
        sx, sy, sz = s * px_bar, s * py_bar, s * pz_bar
        w0_bar = dot * px_bar + along_bar * X0 - X2 * sy + X1 * sz
        w1_bar = dot * py_bar + along_bar * X1 + X2 * sx - X0 * sz
        w2_bar = dot * pz_bar + along_bar * X2 - X1 * sx + X0 * sy
        theta_bar = c * s_bar - s * c_bar
        theta_bar -= (w0 * w0_bar + w1 * w1_bar + w2 * w2_bar) / theta
        cam_bar, X_bar = cameras_bar[i], points_bar[j]
        cam_bar[0] += w0_bar / theta + w0 * theta_bar
        cam_bar[1] += w1_bar / theta + w1 * theta_bar
        cam_bar[2] += w2_bar / theta + w2 * theta_bar
        cam_bar[3] += px_bar
        cam_bar[4] += py_bar
        cam_bar[5] += pz_bar
        cam_bar[6] += bend * g_bar
        cam_bar[7] += f * n * g_bar
        cam_bar[8] += f * n * n * g_bar
        X_bar[0] += c * px_bar + along_bar * w0 + w2 * sy - w1 * sz
        X_bar[1] += c * py_bar + along_bar * w1 - w2 * sx + w0 * sz
        X_bar[2] += c * pz_bar + along_bar * w2 + w1 * sx - w0 * sy
    return cameras_bar, points_bar


for_numba = by_hand


def at_once(np):
    """The primal for all observations at once, with the array functions of `np`."""

    def bundle(cameras, points, camera_of, point_of, seen):
        cam = cameras[camera_of]
        X = points[point_of]
        r = cam[:, :3]
        theta = np.sqrt((r**2).sum(1))[:, None]
        c, s = np.cos(theta), np.sin(theta)
        w = r / theta
        dot = (w * X).sum(1)[:, None] * (1.0 - c)
        crossed = np.stack(
            [
                w[:, 1] * X[:, 2] - w[:, 2] * X[:, 1],
                w[:, 2] * X[:, 0] - w[:, 0] * X[:, 2],
                w[:, 0] * X[:, 1] - w[:, 1] * X[:, 0],
            ],
            1,
        )
        p = X * c + crossed * s + w * dot + cam[:, 3:6]
        xy = -p[:, :2] / p[:, 2:]
        n = (xy**2).sum(1)
        g = cam[:, 6] * (1.0 + n * (cam[:, 7] + cam[:, 8] * n))
        return ((g[:, None] * xy - seen) ** 2).sum()

    return bundle


def in_jax(jax):
    return at_once(jax.numpy)


WORKLOAD = Workload(
    "B",
    bundle,
    ("cameras", "points"),
    arguments,
    by_hand,
    for_numba,
    at_once,
    in_jax,
    at_once,
)
