"""What a fit knows about its parameters: covariance and rank."""

import numpy as np

from retrograd.runtime.solvers.result import Array
from retrograd.runtime.solvers.stopping import EPS, column_norms

#: A direction that J does not see involves a parameter if it has at least this component of it.
INVOLVED = float(np.sqrt(EPS))


def covariance(jacobian: Array, variance: float) -> tuple[Array, int]:
    """``variance (JᵀJ)⁻¹`` and the rank of J, by the SVD of J with its columns scaled to length 1.

    Args:
        jacobian: J, float64, shape (m, n).
        variance: of one residual: s² = |r|² / (m - n) where it is estimated from the fit.

    Returns:
        The covariance, shape (n, n), and the rank. Rows and columns of parameters that J leaves
        undetermined are infinite; so is all of it if `variance` is.
    """
    n = jacobian.shape[1]
    lengths = column_norms(jacobian)
    scale = np.where(lengths > 0, lengths, 1.0)
    _, values, directions = np.linalg.svd(jacobian / scale, full_matrices=True)
    cutoff = EPS * max(jacobian.shape) * values.max(initial=0.0)
    rank = int(np.sum(values > cutoff))
    if not np.isfinite(variance):
        return np.full((n, n), np.inf), rank
    roots = directions[:rank].T / values[:rank] / scale[:, np.newaxis]
    cov = variance * (roots @ roots.T)
    undetermined = np.any(np.abs(directions[rank:]) > INVOLVED, axis=0)
    cov[undetermined, :] = np.inf
    cov[:, undetermined] = np.inf
    return cov, rank
