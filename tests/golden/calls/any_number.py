"""`*` and `**`: arguments that are left over, and items passed as arguments.

wrt: x, p    mode: grad    at: x=1.3, p=(0.5, 2.0)
types: x: float, p: (float, float)
"""


def weighted(first, *rest, scale=1.0, **more):
    total = first
    for r in rest:
        total = total * r + scale
    return total * more["by"]


def f(x, p):
    return weighted(*p, x, by=x) + weighted(x, scale=p[0], **{"by": 2.0})


# ---- gradient ----
from retrograd.runtime import require_scalar, restructure, unbroadcast, zeros_like


def weighted_fwd(first, rest, scale, more, saved):
    """weighted(first, rest, scale, more); appends to saved what weighted_bwd takes back."""
    total_saved = []
    total = first
    for r in rest:
        total_saved.append(total)
        total = total * r + scale
    saved.append((total, total_saved))
    return total * more["by"]


def weighted_bwd(rest, more, saved, out_bar):
    """Gradient of `weighted` with respect to (first, rest, more), times out_bar."""
    total, total_saved = saved.pop()
    more_bar = dict.fromkeys(more)
    # return total * more["by"]
    total_bar = more["by"] * out_bar
    more_bar["by"] = total * out_bar
    rest_bar = zeros_like(rest)
    for k in reversed(range(len(rest))):
        total = total_saved[k]
        r = rest[k]
        # total = total * r + scale
        r_bar = total * total_bar
        total_bar = r * total_bar
        rest_bar[k] += r_bar
    # total = first
    first_bar = total_bar
    return first_bar, restructure(rest_bar, rest), more_bar


def weighted2_fwd(first, rest, scale, more, saved):
    """weighted(first, rest, scale, more); appends to saved what weighted2_bwd takes back."""
    total_saved = []
    total = first
    for r in rest:
        total_saved.append(total)
        total = total * r + scale
    saved.append((total, total_saved))
    return total * more["by"]


def weighted2_bwd(rest, scale, more, saved, out_bar):
    """Gradient of `weighted` with respect to (first, scale), times out_bar."""
    total, total_saved = saved.pop()
    # return total * more["by"]
    total_bar = unbroadcast(more["by"] * out_bar, total)
    scale_bar = 0.0
    for k in reversed(range(len(rest))):
        total = total_saved[k]
        r = rest[k]
        # total = total * r + scale
        scale_bar += unbroadcast(total_bar, scale)
        total_bar = unbroadcast(r * total_bar, total)
    # total = first
    first_bar = total_bar
    return first_bar, scale_bar


def f_grad(x, p):
    """Gradient of `f` with respect to (x, p)."""
    weighted_saved = []
    weighted2_saved = []
    weighted_value = weighted_fwd(p[0], (p[1], x), 1.0, {"by": x}, weighted_saved)
    weighted_value2 = weighted2_fwd(x, (), p[0], {"by": 2.0}, weighted2_saved)
    value = weighted_value + weighted_value2
    require_scalar(value)

    # return weighted(*p, x, by=x) + weighted(x, scale=p[0], **{"by": 2.0})
    weighted_value2_bar = unbroadcast(1.0, weighted_value2)
    x_bar, scale_bar = weighted2_bwd(
        (), p[0], {"by": 2.0}, weighted2_saved, weighted_value2_bar
    )
    p_bar = zeros_like(p)
    p_bar[0] += scale_bar
    first_bar, rest_bar, more_bar = weighted_bwd(
        (p[1], x), {"by": x}, weighted_saved, 1.0
    )
    p_bar[0] += first_bar
    p_bar[1] += rest_bar[0]
    x_bar += rest_bar[1] + more_bar["by"]
    return x_bar, restructure(p_bar, p)
