"""A module of the user's, from which other programs take functions."""

import math

GRAVITY = 9.81


def damped(t, rate):
    """An amplitude."""
    return math.exp(-rate * t) * swing(t)


def swing(t):
    """An oscillation."""
    return math.cos(GRAVITY * t)
