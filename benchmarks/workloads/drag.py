"""Drag of a sphere by the Reynolds number, in three regimes."""

import math

from workloads.workload import Workload


def drag(speed, radius, viscosity):
    reynolds = 2.0 * radius * speed / viscosity
    if reynolds < 0.1:
        coefficient = 24.0 / reynolds
    elif reynolds < 1000.0:
        coefficient = 24.0 / reynolds * (1.0 + 0.15 * reynolds**0.687)
    else:
        coefficient = 0.44
    return 0.5 * math.pi * radius**2 * speed**2 * coefficient


def arguments(realistic):
    return 1.3, 0.02, 1e-3


def by_hand(speed, radius, viscosity):
    reynolds = 2.0 * radius * speed / viscosity
    if reynolds < 0.1:
        coefficient = 24.0 / reynolds
        reynolds_bar = -coefficient / reynolds
    elif reynolds < 1000.0:
        stokes = 24.0 / reynolds
        inertia = 0.15 * reynolds**0.687
        coefficient = stokes * (1.0 + inertia)
        reynolds_bar = (0.687 * stokes * inertia - coefficient) / reynolds
    else:
        coefficient = 0.44
        reynolds_bar = 0.0
    pressure = 0.5 * math.pi * radius * speed
    reynolds_bar *= pressure * radius * speed * reynolds
    pressure *= 2.0 * coefficient
    return (
        pressure * radius + reynolds_bar / speed,
        pressure * speed + reynolds_bar / radius,
        -reynolds_bar / viscosity,
    )


for_numba = by_hand


def in_torch(torch):
    return drag


def in_jax(jax):
    jnp = jax.numpy

    def drag(speed, radius, viscosity):
        reynolds = 2.0 * radius * speed / viscosity
        stokes = 24.0 / reynolds
        middle = stokes * (1.0 + 0.15 * reynolds**0.687)
        slow = jnp.where(reynolds < 0.1, stokes, middle)
        coefficient = jnp.where(reynolds < 1000.0, slow, 0.44)
        return 0.5 * jnp.pi * radius**2 * speed**2 * coefficient

    return drag


WORKLOAD = Workload(
    "C", drag, ("speed", "radius", "viscosity"), arguments, by_hand, for_numba, in_torch, in_jax
)
