"""A filter with complex factors between two transforms: the half spectrum counts twice.

wrt: x, h    mode: joint    at: x=np.array([0.3, -0.8, 1.1, 0.4, -0.2]), h=np.array([1.0, 0.5 + 0.4j, -0.2j])
"""

import numpy as np
from numpy.typing import NDArray


def energy(x: NDArray[np.float64], h: NDArray[np.complex128]):
    y = np.fft.irfft(np.fft.rfft(x) * h, n=len(x))
    return np.sum(y**3)


# ---- gradient ----
from retrograd.runtime import half_doubled, resized, spread, unbroadcast


def energy_grad(x, h):
    """Gradient of `energy` with respect to (x, h): of z = x + iy by x, plus i times that by y."""
    rfft_value = np.fft.rfft(x)
    y = np.fft.irfft(rfft_value * h, n=len(x))

    # return np.sum(y**3)
    y_bar = unbroadcast(3.0 * y**2 * spread(1.0, (y**3).shape), y)
    # y = np.fft.irfft(np.fft.rfft(x) * h, n=len(x))
    prod_bar = resized(
        half_doubled(np.fft.ihfft(y_bar), y.shape[-1], -1), (rfft_value * h).shape
    )
    rfft_value_bar = unbroadcast(h * prod_bar, rfft_value)
    h_bar = unbroadcast(rfft_value * prod_bar, h)
    x_bar = np.real(np.fft.fft(rfft_value_bar, x.shape[-1]))
    return x_bar.copy(), np.conj(h_bar)
