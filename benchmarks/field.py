"""How fast are the gradients of retrograd beside those of other tools and of careful hands?

    python benchmarks/field.py [--write docs/benchmarks.md] [--only NAME ...] [--small]

Every workload of benchmarks/workloads/ is differentiated by every tool that is installed. The
gradients have to agree to 1e-6 before anything is timed. Times are CPU times on one thread; the
contestants take turns, and medians over the rounds are compared. `--write` makes the page and,
beside it, the plot (with `pip install matplotlib`); what it says is printed in any case.
"""

import argparse
import os
import sys
from pathlib import Path

from contestants import CONTESTANTS, Run, enter
from field_page import Row, page, plot
from timing import in_turn
from workloads.workload import Workload, workloads

#: What has to be set before libraries load: one thread, and nothing compiled before.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    "RETROGRAD_CACHE_DIR": "0",
}

#: What each contestant may take of a workload's time, three rounds in any case.
SECONDS = 1.0


def main() -> None:
    """Measure, print, and write the page and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the page to write")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="some workloads")
    parser.add_argument("--small", action="store_true", help="small arguments")
    parser.add_argument("--rounds", type=int, default=40, help="rounds to take medians over")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    load = os.getloadavg()[0]
    rows = []
    field = workloads()
    measured("", field["rosenbrock"], realistic=False, rounds=1)  # loads the compilers
    for name, workload in field.items():
        if options.only is None or name in options.only:
            print(name, file=sys.stderr, flush=True)
            rows.append(measured(name, workload, not options.small, options.rounds))
    text = page(rows, (load, os.getloadavg()[0]))
    print(text)
    if options.write:
        options.write.write_text(text, encoding="utf-8")
        plot(rows, options.write.with_suffix(".svg"))


def measured(name: str, workload: Workload, realistic: bool, rounds: int) -> Row:
    """The times of all contestants that agree on the gradient."""
    args = workload.arguments(realistic)
    expected = workload.by_hand(*args)
    entries = {tool: enter(tool, workload, args, expected) for tool in CONTESTANTS}
    runs: dict[str, Run] = {"primal": lambda: workload.function(*args)}
    runs |= {tool: entry.run for tool, entry in entries.items() if entry and entry.run}
    times = in_turn(list(runs.values()), (), rounds, SECONDS)
    return Row(
        name,
        workload.group,
        dict(zip(runs, times, strict=True)),
        {tool: entry.first for tool, entry in entries.items() if entry and entry.run},
        {tool: entry.why_not for tool, entry in entries.items() if entry and not entry.run},
    )


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in ENVIRONMENT.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ENVIRONMENT})
    main()
