"""What field.py found, as a page and as a plot."""

import importlib.metadata
import math
import platform
import statistics
from pathlib import Path
from typing import NamedTuple

from contestants import CONTESTANTS

GROUPS = {
    "A": "array style",
    "B": "loops and in-place writes",
    "C": "tiny scalar functions",
}


class Row(NamedTuple):
    """Of one workload: seconds of a call and until the first result, and who is missing and why."""

    name: str
    group: str
    times: dict[str, float]
    first: dict[str, float]
    missing: dict[str, str]


class Aim(NamedTuple):
    """A ratio of times whose geometric mean over a group is to stay below a bound."""

    title: str
    ours: str
    theirs: str
    bounds: dict[str, float]


AIMS = (
    Aim("native / JAX", "retrograd native", "JAX", {"A": 0.40, "B": 0.20, "C": 0.05}),
    Aim(
        "native / Numba by hand",
        "retrograd native",
        "Numba by hand",
        {"A": 1.15, "B": 1.3, "C": 1.3},
    ),
    Aim("NumPy mode / autograd", "retrograd", "autograd", {"A": 0.12, "B": 0.10, "C": 0.004}),
    Aim("NumPy mode / NumPy by hand", "retrograd", "by hand", {"A": 1.25, "B": 1.5, "C": 1.3}),
)

#: Of the plot: colour and marker.
STYLES = {
    "by hand": ("#888888", "|"),
    "retrograd": ("#0b6e4f", "o"),
    "autograd": ("#c77d0a", "s"),
    "PyTorch": ("#b5446e", "v"),
    "JAX": ("#3d5a98", "^"),
    "Numba by hand": ("#444444", "x"),
    "retrograd native": ("#18b37f", "D"),
}


def page(rows: list[Row], load: tuple[float, float]) -> str:
    """The page, as Markdown."""
    parts = [
        "# Benchmarks",
        "Written by `python benchmarks/field.py --write docs/benchmarks.md`: the workloads of\n"
        "`benchmarks/workloads/`, plain functions as users write them, differentiated by every tool\n"
        "that is installed. All gradients that are timed agree to 1e-6 with the one written by hand.\n"
        "Times are medians of CPU time on one thread, the contestants taking turns. JAX, PyTorch and\n"
        "autograd get programs of their own where they do not take the function as it stands: loops as\n"
        "`scan` or over whole arrays, no writing in place. So where the function loops over elements,\n"
        "NumPy mode and the gradient by hand do so in Python, and those tools do not. Both modes of\n"
        "retrograd take the function as it stands, and are called as `.specialize(...)` gives them.",
        f"{machine()} Load averages before and after: {load[0]:.1f}, {load[1]:.1f}.",
        "![Times of gradients over those of their functions](benchmarks.svg)",
        "## Against the aims",
        "Geometric means of ratios of time; in brackets the aim. Smaller is better.",
        table(["", *GROUPS.values()], [aim_cells(aim, rows) for aim in AIMS]),
        slower_than_jax(rows),
    ]
    for group, title in GROUPS.items():
        members = [row for row in rows if row.group == group]
        if members:
            parts += [f"## {title.capitalize()}", times_table(members)]
    parts += ["## The first gradient", FIRST, first_table(rows)]
    missing = [f"* {row.name}, {tool}: {why}" for row in rows for tool, why in row.missing.items()]
    if missing:
        parts += ["## Not timed", "\n".join(missing)]
    return "\n\n".join(parts) + "\n"


FIRST = (
    "CPU seconds from the function to its first gradient, compiled anew, the compilers loaded\n"
    "before."
)


def machine() -> str:
    """What ran: processor, Python and libraries."""
    libraries = ("numpy", "numba", "autograd", "jax", "torch")
    versions = [f"{name} {version(name)}" for name in libraries if version(name)]
    absent = [name for name in libraries if not version(name)]
    left_out = f" Not installed, left out: {', '.join(absent)}." if absent else ""
    return (
        f"{processor()}, {platform.system()}, Python {platform.python_version()}, "
        f"{', '.join(versions)}.{left_out}"
    )


def processor() -> str:
    """The processor's name where the system tells."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def version(name: str) -> str | None:
    """The version of an installed library."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def aim_cells(aim: Aim, rows: list[Row]) -> list[str]:
    """An aim's line: by group the mean over the workloads that both tools ran, and the bound."""
    cells = [aim.title]
    for group, bound in aim.bounds.items():
        members = [row.times for row in rows if row.group == group]
        ratios = [t[aim.ours] / t[aim.theirs] for t in members if aim.ours in t and aim.theirs in t]
        if not ratios:
            cells.append("-")
            continue
        share = "" if len(ratios) == len(members) else f" over {len(ratios)} of {len(members)}"
        mean = math.exp(statistics.fmean(map(math.log, ratios)))
        cells.append(f"{mean:.3g}{share} ({bound:g})")
    return cells


def slower_than_jax(rows: list[Row]) -> str:
    """Which native gradients are slower than JAX: there should be none."""
    found = [
        f"{row.name} {ratio(row, AIMS[0])}"
        for row in rows
        if row.times.get("retrograd native", 0.0) > row.times.get("JAX", math.inf)
    ]
    return f"Native gradients slower than JAX: {', '.join(found) or 'none'}; the aim is none."


def times_table(rows: list[Row]) -> str:
    """Microseconds of every contestant, and the ratios of the aims."""
    tools = ["primal", *(tool for tool in CONTESTANTS if any(tool in row.times for row in rows))]
    lines = [
        [
            row.name,
            *(microseconds(row.times.get(tool)) for tool in tools),
            *(ratio(row, aim) for aim in AIMS),
        ]
        for row in rows
    ]
    return table(["µs", *tools, *(aim.title for aim in AIMS)], lines)


def first_table(rows: list[Row]) -> str:
    """Seconds until the first gradient, of those that compile."""
    tools = ("retrograd", "retrograd native", "Numba by hand", "JAX")
    lines = [
        [row.name, *(f"{row.first[tool]:.2f}" if tool in row.first else "-" for tool in tools)]
        for row in rows
    ]
    return table(["s", *tools], lines)


def microseconds(seconds: float | None) -> str:
    """With three figures, or as many as stand before the point."""
    if seconds is None:
        return "-"
    value = seconds * 1e6
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def ratio(row: Row, aim: Aim) -> str:
    """The ratio of an aim for one workload."""
    if aim.ours not in row.times or aim.theirs not in row.times:
        return "-"
    return f"{row.times[aim.ours] / row.times[aim.theirs]:.2g}"


def table(head: list[str], lines: list[list[str]]) -> str:
    """A table in Markdown, numbers to the right."""
    rule = ["---", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, rule, *lines])


def plot(rows: list[Row], path: Path) -> None:
    """Times over that of the primal, one line for each workload, written to `path`."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "retrograd", "font.size": 9}
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8.0, 0.27 * len(rows) + 1.5))
    for tool, (colour, marker) in STYLES.items():
        points = [
            (row.times[tool] / row.times["primal"], -k)
            for k, row in enumerate(rows)
            if tool in row.times
        ]
        if points:
            across, up = zip(*points, strict=True)
            axes.plot(across, up, marker, color=colour, label=tool, markersize=5)
    axes.set_xscale("log")
    axes.set_yticks([-k for k in range(len(rows))], [f"{row.name} ({row.group})" for row in rows])
    axes.set_xlabel("time of the gradient over that of the function in NumPy (CPU, one thread)")
    axes.grid(axis="both", linewidth=0.3)
    axes.set_axisbelow(True)
    figure.legend(loc="upper center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0.0, 0.0, 1.0, 1.0 - 0.6 / figure.get_figheight()))
    figure.savefig(path, metadata={"Date": None})
