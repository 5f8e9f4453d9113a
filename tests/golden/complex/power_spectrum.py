"""Real numbers, a complex spectrum, a real loss: only the real part comes back.

wrt: x    mode: joint    at: x=np.array([0.3, -0.8, 1.1, 0.4, -0.2]), w=np.array([1.0, 0.5, 0.2])
"""

import numpy as np


def loss(x, w):
    spectrum = np.fft.rfft(x)
    return np.sum(w * np.abs(spectrum) ** 2)


# ---- gradient ----
from retrograd.runtime import owned, require_scalar, spread, unbroadcast


def loss_grad(x, w):
    """Gradient of `loss` with respect to x."""
    spectrum = np.fft.rfft(x)
    abs_spectrum = np.abs(spectrum)
    value = np.sum(w * abs_spectrum**2)
    require_scalar(value)

    # return np.sum(w * np.abs(spectrum) ** 2)
    spectrum_bar = unbroadcast(
        2.0
        * w
        * abs_spectrum
        * np.conj(spectrum)
        * spread(1.0, np.shape(w * abs_spectrum**2))
        / np.where(abs_spectrum == 0.0, 1.0, abs_spectrum),
        spectrum,
    )
    # spectrum = np.fft.rfft(x)
    x_bar = np.real(np.fft.fft(spectrum_bar, np.shape(x)[-1]))
    return owned(x_bar)
