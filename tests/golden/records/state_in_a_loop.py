"""A state made anew in every step: its fields have cotangents of their own, given all at once.

wrt: x, v    mode: grad    at: x=0.3, v=0.7, h=0.1, n=5
types: x: float, v: float, h: float, n: int
"""

import math
from typing import NamedTuple


class State(NamedTuple):
    x: float
    v: float


def pendulum(x, v, h, n):
    """Energy after n steps of the symplectic Euler method."""
    state = State(x, v)
    for _ in range(n):
        # kick, then drift
        speed = state.v - h * math.sin(state.x)
        state = State(state.x + h * speed, speed)
    return 0.5 * state.v**2 - math.cos(state.x)


# ---- gradient ----
from types import SimpleNamespace


class State(NamedTuple):
    x: float
    v: float


def pendulum_grad(x, v, h, n):
    """Gradient of `pendulum` with respect to (x, v)."""
    state_saved = []
    state = State(x, v)
    for _ in range(n):
        state_saved.append(state)
        # kick, then drift
        speed = state.v - h * math.sin(state.x)
        state = State(state.x + h * speed, speed)

    state_bar = SimpleNamespace()
    # return 0.5 * state.v**2 - math.cos(state.x)
    state_bar.v = state.v
    state_bar.x = math.sin(state.x)
    for k in reversed(range(n)):
        state = state_saved[k]
        # state = State(state.x + h * speed, speed)
        speed_bar = h * state_bar.x + state_bar.v
        # speed = state.v - h * math.sin(state.x)
        state_bar.v = speed_bar
        state_bar.x -= h * math.cos(state.x) * speed_bar
    # state = State(x, v)
    x_bar = state_bar.x
    v_bar = state_bar.v
    return x_bar, v_bar
