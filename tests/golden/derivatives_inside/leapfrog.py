"""Hamiltonian dynamics: the forces are gradients of an energy, bound to names of the module.

wrt: q, p    mode: grad    at: q=np.array([0.3, -0.5]), p=np.array([0.1, 0.9]), steps=4
types: q: float[d], p: float[d], steps: int
"""

import numpy as np

import retrograd as rg


def energy(q, p):
    return 0.5 * np.sum(p**2) - np.sum(np.cos(q))


force = rg.grad(energy)
velocity = rg.grad(energy, argnums=1)


def f(q, p, steps):
    for _ in range(steps):
        p = p - 0.05 * force(q, p)
        q = q + 0.1 * velocity(q, p)
        p = p - 0.05 * force(q, p)
    return np.sum(q**2)


# ---- gradient ----
def energy_grad(q, p):
    """Gradient of `energy` with respect to q."""
    # return 0.5 * np.sum(p**2) - np.sum(np.cos(q))
    q_bar = np.sin(q)
    return q_bar


def energy_grad2(q, p):
    """Gradient of `energy` with respect to p."""
    # return 0.5 * np.sum(p**2) - np.sum(np.cos(q))
    p_bar = p
    return p_bar.copy()


def energy_grad_bwd(q, p, out_bar):
    """Gradient of `energy_grad` with respect to (q, p), times out_bar."""
    q_bar_bar = out_bar
    # q_bar = np.sin(q)
    q_bar = np.cos(q) * q_bar_bar
    return q_bar, np.zeros_like(p)


def energy_grad2_bwd(q, out_bar):
    """Gradient of `energy_grad2` with respect to (q, p), times out_bar."""
    # return p_bar.copy()
    p_bar_bar = out_bar
    # p_bar = p
    p_bar = p_bar_bar
    return np.zeros_like(q), p_bar.copy()


def f_grad(q, p, steps):
    """Gradient of `f` with respect to (q, p)."""
    p_saved = []
    q_saved = []
    p_2_saved = []
    for _ in range(steps):
        force_value = energy_grad(q, p)
        p_saved.append(p)
        p = p - 0.05 * force_value
        velocity_value = energy_grad2(q, p)
        q_saved.append(q)
        q = q + 0.1 * velocity_value
        force_value2 = energy_grad(q, p)
        p_2_saved.append(p)
        p = p - 0.05 * force_value2

    # return np.sum(q**2)
    q_bar = 2.0 * q
    p_bar = np.zeros_like(p)
    for k in reversed(range(steps)):
        # p = p - 0.05 * force(q, p)
        force_value2_bar = -0.05 * p_bar
        p = p_2_saved[k]
        q_bar3, p_bar3 = energy_grad_bwd(q, p, force_value2_bar)
        q_bar += q_bar3
        p_bar += p_bar3
        # q = q + 0.1 * velocity(q, p)
        velocity_value_bar = 0.1 * q_bar
        q = q_saved[k]
        q_bar2, p_bar2 = energy_grad2_bwd(q, velocity_value_bar)
        q_bar += q_bar2
        p_bar += p_bar2
        # p = p - 0.05 * force(q, p)
        force_value_bar = -0.05 * p_bar
        p = p_saved[k]
        q_bar4, p_bar4 = energy_grad_bwd(q, p, force_value_bar)
        q_bar += q_bar4
        p_bar += p_bar4
    return q_bar, p_bar
