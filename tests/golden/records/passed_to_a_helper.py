"""A helper that reads fields of a record gives back a record of cotangents.

wrt: p    mode: grad    at: p=Point(0.3, 1.2), s=0.7
types: p: Point, s: float
"""

import math
from collections import namedtuple

Point = namedtuple("Point", "x y")


def norm(p):
    return math.hypot(p.x, p.y)


def f(p, s):
    return norm(p) * s + p.x


# ---- gradient ----
from types import SimpleNamespace

from retrograd.runtime import (
    accumulate,
    owned,
    require_scalar,
    restructure,
    unbroadcast,
    zeros_like,
)


def norm(p):
    return math.hypot(p.x, p.y)


def norm_bwd(p, out_bar):
    """Gradient of `norm` with respect to p, times out_bar."""
    p_bar = SimpleNamespace()
    # return math.hypot(p.x, p.y)
    hypot_p = math.hypot(p.x, p.y)
    p_bar.x = unbroadcast(p.x * out_bar / hypot_p, p.x) if hypot_p else zeros_like(p.x)
    p_bar.y = unbroadcast(p.y * out_bar / hypot_p, p.y) if hypot_p else zeros_like(p.y)
    p_bar.x = owned(p_bar.x)
    p_bar.y = owned(p_bar.y)
    return restructure(p_bar, p)


def f_grad(p, s):
    """Gradient of `f` with respect to p."""
    norm_value = norm(p)
    value = norm_value * s + p.x
    require_scalar(value)

    # return norm(p) * s + p.x
    norm_value_bar = s
    p_bar = zeros_like(p)
    p_bar[0] += unbroadcast(1.0, p.x)
    p_bar2 = norm_bwd(p, norm_value_bar)
    p_bar = accumulate(p_bar, p_bar2)
    return restructure(p_bar, p)
