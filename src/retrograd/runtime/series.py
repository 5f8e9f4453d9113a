"""What the derivatives of special functions need beside SciPy."""

from typing import Any

import numpy as np


def digamma(x: float) -> float:
    """The logarithmic derivative of the gamma function, to about 1e-14; nan at its poles.

    Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 6.3.5, 6.3.7 and 6.3.18.
    """
    if x <= 0.0:
        fraction = x - np.floor(x)
        if fraction == 0.0:
            return float("nan")
        return digamma(1.0 - x) - float(np.pi / np.tan(np.pi * fraction))
    below = 0.0
    while x < 10.0:
        below += 1.0 / x
        x += 1.0
    s = 1.0 / (x * x)
    tail = s * (
        1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - s * 691 / 32760))))
    )
    return float(np.log(x)) - 0.5 / x - tail - below


def gammainc_slope(a: Any, x: Any, digamma: Any, gammaln: Any) -> Any:
    """The derivative for `a` of the regularized lower incomplete gamma function.

    The terms of ``P(a, x) = sum over n of x**(a + n) * exp(-x) / gamma(a + n + 1)`` are positive, and
    each changes by itself times ``log(x) - digamma(a + n + 1)``.

    Args:
        a: numbers above 0.
        x: numbers, 0 or above.
        digamma: the digamma function at ``a + 1``.
        gammaln: the logarithm of the gamma function at ``a + 1``.
    """
    positive = np.asarray(x) > 0.0
    x = np.where(positive, x, 1.0)
    log_term = a * np.log(x) - x - gammaln
    rate = np.log(x) - digamma
    slope = np.zeros(np.shape(log_term))
    if np.size(log_term) == 0:
        return slope
    # The largest term stands near n = x - a; some standard deviations later none counts.
    largest = np.max(x)
    for n in range(1, int(largest + 12.0 * np.sqrt(largest) + 60.0)):
        slope = slope + np.exp(log_term) * rate
        log_term = log_term + np.log(x / (a + n))
        rate = rate - 1.0 / (a + n)
    return np.where(positive, slope, 0.0)[()]


def complex_of(real: Any, imaginary: Any) -> Any:
    """The complex numbers with these parts."""
    return real + 1j * imaginary
