"""A `while` over data: the tape says how often it ran; cheap locals are computed again.

wrt: y, v, k    mode: grad    at: y=1.0, v=0.3, k=2.0, h=0.05, tol=0.4
types: y: float, v: float, k: float, h: float, tol: float
"""


def path_energy(y, v, k, h, tol):
    """Integral of y**2 along a damped oscillation, until its energy falls below tol."""
    total = 0.0
    while 0.5 * v * v + 0.5 * k * y * y > tol:
        # midpoint rule
        ym = y + 0.5 * h * v
        vm = v - 0.5 * h * (k * y + 0.3 * v * abs(v))
        total = total + h * ym * ym
        y = y + h * vm
        v = v - h * (k * ym + 0.3 * vm * abs(vm))
    return total


# ---- gradient ----
def path_energy_grad(y, v, k, h, tol):
    """Gradient of `path_energy` with respect to (y, v, k)."""
    saved = []
    while 0.5 * v * v + 0.5 * k * y * y > tol:
        saved.append((v, y))
        # midpoint rule
        ym = y + 0.5 * h * v
        vm = v - 0.5 * h * (k * y + 0.3 * v * abs(v))
        y = y + h * vm
        v = v - h * (k * ym + 0.3 * vm * abs(vm))

    total_bar = 1.0
    y_bar = 0.0
    v_bar = 0.0
    k_bar = 0.0
    for k2 in reversed(range(len(saved))):
        v, y = saved[k2]
        ym = y + 0.5 * h * v
        vm = v - 0.5 * h * (k * y + 0.3 * v * abs(v))
        # v = v - h * (k * ym + 0.3 * vm * abs(vm))
        k_bar -= h * ym * v_bar
        ym_bar = -h * k * v_bar
        vm_bar = -0.6 * h * abs(vm) * v_bar
        # y = y + h * vm
        vm_bar += h * y_bar
        # total = total + h * ym * ym
        ym_bar += 2.0 * ym * h * total_bar
        # vm = v - 0.5 * h * (k * y + 0.3 * v * abs(v))
        v_bar += (1.0 - 0.3 * h * abs(v)) * vm_bar
        k_bar -= 0.5 * h * y * vm_bar
        y_bar -= 0.5 * h * k * vm_bar
        # ym = y + 0.5 * h * v
        y_bar += ym_bar
        v_bar += 0.5 * h * ym_bar
    return y_bar, v_bar, k_bar
