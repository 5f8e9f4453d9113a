"""Optimizer loops on plain callables: NumPy in, NumPy out, no compiler in sight."""

from retrograd.runtime.solvers import schedules as schedules
