"""What begins as a real array is complex after one step: what flows back to it is real again.

wrt: u    mode: joint    at: u=np.array([0.3, -0.8, 1.1, 0.4]), k=np.array([0.0, 1.0, 4.0, 1.0])
"""

import numpy as np


def evolved(u: np.ndarray, k: np.ndarray):
    for _ in range(2):
        u = np.fft.ifft(np.exp(-0.1j * k) * np.fft.fft(u))
    return np.sum(np.abs(u[:2]))


# ---- gradient ----
from retrograd.runtime import spread, unbroadcast


def evolved_grad(u, k):
    """Gradient of `evolved` with respect to u."""
    fft_value_saved = []
    for _ in range(2):
        fft_value = np.fft.fft(u)
        fft_value_saved.append(fft_value)
        u = np.fft.ifft(np.exp(-0.1j * k) * fft_value)

    # return np.sum(np.abs(u[:2]))
    u_bar = np.zeros_like(u, dtype=complex)
    abs_u = np.abs(u[:2])
    u_bar[:2] += unbroadcast(
        np.conj(u[:2]) * spread(1.0, abs_u.shape) / np.where(abs_u == 0.0, 1.0, abs_u),
        u[:2],
    )
    for k2 in reversed(range(2)):
        fft_value = fft_value_saved[k2]
        # u = np.fft.ifft(np.exp(-0.1j * k) * np.fft.fft(u))
        fft_value_bar = unbroadcast(np.exp(-0.1j * k) * np.fft.ifft(u_bar), fft_value)
        u_bar = np.fft.fft(fft_value_bar)
    return np.real(u_bar).copy()
