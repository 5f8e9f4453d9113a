"""What does the gradient of one function cost, in times of the function?

    python benchmarks/rules.py [PATTERN] [--rounds 5] [--worst 10]

Every elementwise rule and every reduction whose path contains PATTERN, on 10 and on a million
elements: CPU time of ``grad(sum(function(x)))`` over that of ``sum(function(x))``, medians of
interleaved runs. The worst ratios of each size are printed, and the median of all.
"""

import argparse
import statistics
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from timing import in_turn

from retrograd import RetrogradError, gradient_source
from retrograd.transforms.rules.rule import Rule
from retrograd.transforms.rules.table import all_rules

SIZES = (10, 1_000_000)
#: Where operands are drawn: the first interval on which the function is finite is taken.
INTERVALS = ((0.2, 0.8), (1.2, 1.8), (-0.8, -0.2))
LIBRARIES = ("numpy.", "scipy.special.", "scipy.stats.")
REDUCTIONS = (
    *("sum", "mean", "prod", "max", "min", "var", "std", "ptp", "cumsum", "cumprod", "median"),
    *("nansum", "nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "average", "linalg.norm"),
)
#: Operands that are whole numbers, by their names.
WHOLE = frozenset({"n", "k", "deg"})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="?", default="", help="a part of the functions' paths")
    parser.add_argument("--rounds", type=int, default=5, help="rounds to take medians over")
    parser.add_argument("--worst", type=int, default=10, help="how many to print for each size")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    chosen = [rule for rule in measurable() if options.pattern in rule.path]
    for size in SIZES:
        ratios = {}
        for rule in chosen:
            ratio = measured(rule, size, options.rounds)
            if ratio is not None:
                ratios[rule.path] = ratio
        print(f"{size} elements, {len(ratios)} of {len(chosen)} functions")
        if not ratios:
            continue
        print(f"  median {statistics.median(ratios.values()):.2f}")
        for path, ratio in sorted(ratios.items(), key=lambda item: -item[1])[: options.worst]:
            print(f"  {path:32} {ratio:8.2f}")


def measurable() -> list[Rule]:
    """The elementwise rules of libraries and the reductions, each function once."""
    found: dict[str, Rule] = {}
    for rule in all_rules():
        reduces = rule.path.removeprefix("numpy.") in REDUCTIONS
        if rule.path.startswith(LIBRARIES) and (rule.form == "elementwise" or reduces):
            found.setdefault(rule.path, rule)
    return list(found.values())


def measured(rule: Rule, size: int, rounds: int) -> float | None:
    """Time of the gradient over that of the function; None where this driver finds no point."""
    operands = [param.name for param in rule.params if param.default is None]
    active = [k for k, name in enumerate(operands) if rule.formulas.get(name, "0.0") != "0.0"]
    module = rule.path.rpartition(".")[0]
    text = f"import numpy as np\nimport {module.split('.')[0]}\nimport {importable(module)}\n"
    text += f"def f({', '.join(operands)}):\n"
    text += f"    return np.sum({rule.path}({', '.join(operands)}))\n"
    primal = defined(text, "f")
    kinds = {name: "int" if name in WHOLE else "float[n]" for name in operands}
    try:
        source = gradient_source(text, "f", argnums=tuple(active), types=kinds)
    except RetrogradError:
        return None
    gradient = defined(source, "f_grad")
    for interval in INTERVALS:
        rng = np.random.default_rng(0)
        args = [2 if name in WHOLE else rng.uniform(*interval, size=size) for name in operands]
        try:
            if np.isfinite(primal(*args)):
                times = in_turn([primal, gradient], tuple(args), rounds)
                return times[1] / times[0]
        except (TypeError, ValueError):
            return None
    return None


def importable(module: str) -> str:
    """The module that has to be imported for `module`, which may be a distribution."""
    return "scipy.stats" if module.startswith("scipy.stats") else module


def defined(text: str, name: str) -> Callable[..., Any]:
    """The function `name` of the module `text`."""
    scope: dict[str, Any] = {}
    exec(text, scope)
    found: Callable[..., Any] = scope[name]
    return found


if __name__ == "__main__":
    main()
