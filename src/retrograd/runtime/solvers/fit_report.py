"""The report of a fit, as text and as HTML: the same tables twice."""

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from retrograd.runtime.solvers.result import (
    MAX_ROWS,
    SMALLEST_CORRELATION,
    Array,
    correlations,
)

if TYPE_CHECKING:
    from retrograd.runtime.solvers.fit_result import FitResult

HEADER = ("parameter", "value", "standard error", "relative error")
#: What the statistics are called, in their order.
STATISTICS = {
    "chi2": "χ²",
    "reduced_chi2": "reduced χ²",
    "r2": "R²",
    "aic": "AIC",
    "bic": "BIC",
}


def report(result: "FitResult") -> str:
    """Everything: outcome, counts, statistics, parameters and correlations."""
    return "\n".join([*_head(result), "", *_aligned(_parameters(result)), *_correlations(result)])


def short(result: "FitResult") -> str:
    """Outcome and parameters."""
    return "\n".join([_head(result)[0], *_aligned(_parameters(result))])


def html(result: "FitResult") -> str:
    """The outcome, the table of parameters and the statistics, as notebooks show them."""
    rows = _parameters(result)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    header = "".join(f"<th>{cell}</th>" for cell in HEADER)
    lines = "".join(f"<p>{escape(line)}</p>" for line in _head(result))
    return f"{lines}<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"


def _head(result: "FitResult") -> list[str]:
    outcome = "succeeded" if result.success else "did NOT succeed"
    m = result.fun.size
    told = result.statistics
    figures = (f"{STATISTICS[key]} {value:.6g}" for key, value in told.items())
    rank = "" if result.rank is None else f", rank {result.rank}"
    return [
        f"{result.method} {outcome}: {result.message}",
        f"{result.nit} steps, {result.nfev} evaluations, {result.njev} derivatives",
        f"{m} residuals, {result.fitted} parameters{rank}",
        ", ".join(figures),
    ]


def _parameters(result: "FitResult") -> list[tuple[str, ...]]:
    assert result.full is not None
    errors = result.stderr if result.cov is not None else np.full(result.full.size, np.nan)
    rows: list[tuple[str, ...]] = []
    found = zip(result.names, result.full, errors, result.states, strict=True)
    for name, value, error, state in list(found)[:MAX_ROWS]:
        rows.append((name, f"{value:.10g}", *_uncertainty(float(value), float(error), state)))
    if result.full.size > MAX_ROWS:
        rows.append((f"and {result.full.size - MAX_ROWS} more", "", "", ""))
    return rows


def _uncertainty(value: float, error: float, state: str) -> tuple[str, str]:
    """Standard and relative error, or why there is none."""
    if state in ("fixed", "at bound"):
        return state, ""
    if np.isnan(error):
        return "-", "-"
    relative = f"{100 * error / abs(value):.3g} %" if value != 0 else "-"
    return f"{error:.4g}" + (" (tied)" if state == "tied" else ""), relative


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    table = [HEADER, *rows]
    widths = [max(len(row[k]) for row in table) for k in range(len(HEADER))]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]


def _correlations(result: "FitResult") -> list[str]:
    """The correlations above the smallest one of interest, largest first."""
    if result.cov is None:
        return []
    matrix: Array = correlations(result.cov)
    rows, columns = np.tril_indices(len(matrix), -1)
    size = np.nan_to_num(np.abs(matrix[rows, columns]))
    listed = [k for k in np.argsort(-size, kind="stable") if size[k] > SMALLEST_CORRELATION]
    if not listed:
        return []
    lines = ["", f"correlations larger than {SMALLEST_CORRELATION}"]
    for k in listed[:MAX_ROWS]:
        pair = f"{result.names[columns[k]]}, {result.names[rows[k]]}"
        lines.append(f"{pair:>14} {matrix[rows[k], columns[k]]:8.4f}")
    if len(listed) > MAX_ROWS:
        lines.append(f"and {len(listed) - MAX_ROWS} more")
    return lines
