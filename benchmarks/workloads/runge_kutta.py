"""A damped pendulum by the classical method of Runge and Kutta, until its energy has gone."""

import math

from workloads.workload import Workload


def runge_kutta(x, v, stiffness, damping, h, rest):
    """The integral of the squared angle."""
    total = 0.0
    while 0.5 * v * v + stiffness * (1.0 - math.cos(x)) > rest:
        a1 = -stiffness * math.sin(x) - damping * v
        v2 = v + 0.5 * h * a1
        a2 = -stiffness * math.sin(x + 0.5 * h * v) - damping * v2
        v3 = v + 0.5 * h * a2
        a3 = -stiffness * math.sin(x + 0.5 * h * v2) - damping * v3
        v4 = v + h * a3
        a4 = -stiffness * math.sin(x + h * v3) - damping * v4
        x = x + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        v = v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        total = total + h * x * x
    return total


#: More steps than the arguments below take: JAX has to know a bound.
BOUND = 400


def arguments(realistic):
    return 1.5, 0.0, 4.0, 0.3, 0.05, 0.02 if realistic else 2.7


def by_hand(x, v, stiffness, damping, h, rest):
    saved = []
    while 0.5 * v * v + stiffness * (1.0 - math.cos(x)) > rest:
        saved.append((x, v))
        a1 = -stiffness * math.sin(x) - damping * v
        v2 = v + 0.5 * h * a1
        a2 = -stiffness * math.sin(x + 0.5 * h * v) - damping * v2
        v3 = v + 0.5 * h * a2
        a3 = -stiffness * math.sin(x + 0.5 * h * v2) - damping * v3
        v4 = v + h * a3
        a4 = -stiffness * math.sin(x + h * v3) - damping * v4
        x = x + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
        v = v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
    x_bar = v_bar = stiffness_bar = damping_bar = 0.0
    sixth, half = h / 6.0, 0.5 * h
    for k in range(len(saved) - 1, -1, -1):
        x_bar += 2.0 * h * x
        x, v = saved[k]
        sin1 = math.sin(x)
        v2 = v + half * (-stiffness * sin1 - damping * v)
        x2 = x + half * v
        sin2 = math.sin(x2)
        v3 = v + half * (-stiffness * sin2 - damping * v2)
        x3 = x + half * v2
        sin3 = math.sin(x3)
        v4 = v + h * (-stiffness * sin3 - damping * v3)
        x4 = x + h * v3
        a4_bar = sixth * v_bar
        v4_bar = sixth * x_bar - damping * a4_bar
        x4_bar = -stiffness * math.cos(x4) * a4_bar
        a3_bar = 2.0 * a4_bar + h * v4_bar
        v3_bar = 2.0 * sixth * x_bar + h * x4_bar - damping * a3_bar
        x3_bar = -stiffness * math.cos(x3) * a3_bar
        a2_bar = 2.0 * a4_bar + half * v3_bar
        v2_bar = 2.0 * sixth * x_bar + half * x3_bar - damping * a2_bar
        x2_bar = -stiffness * math.cos(x2) * a2_bar
        a1_bar = a4_bar + half * v2_bar
        stiffness_bar -= sin1 * a1_bar + sin2 * a2_bar + sin3 * a3_bar + math.sin(x4) * a4_bar
        damping_bar -= v * a1_bar + v2 * a2_bar + v3 * a3_bar + v4 * a4_bar
        v_bar += sixth * x_bar + v4_bar + v3_bar + v2_bar + half * x2_bar - damping * a1_bar
        x_bar += x4_bar + x3_bar + x2_bar - stiffness * math.cos(x) * a1_bar
    return x_bar, v_bar, stiffness_bar, damping_bar


for_numba = by_hand


def stepped(sin, x, v, stiffness, damping, h):
    """The state after one step."""
    a1 = -stiffness * sin(x) - damping * v
    v2 = v + 0.5 * h * a1
    a2 = -stiffness * sin(x + 0.5 * h * v) - damping * v2
    v3 = v + 0.5 * h * a2
    a3 = -stiffness * sin(x + 0.5 * h * v2) - damping * v3
    v4 = v + h * a3
    a4 = -stiffness * sin(x + h * v3) - damping * v4
    x = x + h / 6.0 * (v + 2.0 * v2 + 2.0 * v3 + v4)
    return x, v + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)


def in_torch(torch):
    def runge_kutta(x, v, stiffness, damping, h, rest):
        total = 0.0
        while 0.5 * v * v + stiffness * (1.0 - torch.cos(x)) > rest:
            x, v = stepped(torch.sin, x, v, stiffness, damping, h)
            total = total + h * x * x
        return total

    return runge_kutta


def in_jax(jax):
    jnp = jax.numpy

    def runge_kutta(x, v, stiffness, damping, h, rest):
        def step(state, _):
            x, v = state
            going = 0.5 * v * v + stiffness * (1.0 - jnp.cos(x)) > rest
            new_x, new_v = stepped(jnp.sin, x, v, stiffness, damping, h)
            part = jnp.where(going, h * new_x * new_x, 0.0)
            return (jnp.where(going, new_x, x), jnp.where(going, new_v, v)), part

        # reverse mode takes no `while_loop`: as many steps as there may be, some of them idle
        parts = jax.lax.scan(step, (x, v), None, length=BOUND)[1]
        return jnp.sum(parts)

    return runge_kutta


WORKLOAD = Workload(
    "B",
    runge_kutta,
    ("x", "v", "stiffness", "damping"),
    arguments,
    by_hand,
    for_numba,
    in_torch,
    in_jax,
)
