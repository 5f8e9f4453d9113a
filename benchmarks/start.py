"""What does it cost to be there? CPU seconds of imports and of first gradients, cold and warm.

    python benchmarks/start.py [--rounds 7]

Each figure is a whole process less one that does nothing but start Python and, from the third on,
import NumPy; the processes run in turn, and medians are compared. Native code is compared with a
process in which Numba loads a compiled function of the user's, too.
"""

import argparse
import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = """
import numpy as np
import retrograd as rg


@rg.grad(argnums=(0, 1))
def loss(w, b, X, y):
    z = X @ w + b
    nll = np.mean(np.logaddexp(0.0, z) - y * z)
    return nll + 0.5 * np.dot(w, w)


loss(np.ones(3), 0.1, np.ones((5, 3)), np.zeros(5))
"""

HORNER = """
def horner(c, x):
    p = 0.0
    for i in range(len(c)):
        p = p * x + c[i]
    return p


horner(np.ones(100), 0.97)
"""

NATIVE = f"""
import numpy as np
import retrograd as rg


@rg.grad(argnums=(0, 1), jit=True){HORNER}"""

NUMBA = f"""
import numba
import numpy as np


@numba.njit(cache=True){HORNER}"""

#: What is run, and what it is compared with.
STEPS = {
    "import numpy": ("import numpy", "pass"),
    "import retrograd": ("import retrograd", "pass"),
    "first gradient, cold cache": (MODEL, "import numpy"),
    "first gradient, warm cache": (MODEL, "import numpy"),
    "native gradient, cold cache": (NATIVE, "import numpy"),
    "native gradient, warm cache": (NATIVE, "import numpy"),
    "native, warm, beyond Numba": (NATIVE, NUMBA),
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds to take medians over")
    rounds = parser.parse_args().rounds
    found: dict[str, list[float]] = {name: [] for name in STEPS}
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder, "warm")
        for text in (MODEL, NATIVE, NUMBA):
            cpu_seconds(text, warm, Path(folder))
        for k in range(rounds):
            for name, (text, base) in STEPS.items():
                cache = Path(folder, f"cold{k}") if "cold" in name else warm
                seconds = cpu_seconds(text, cache, Path(folder))
                found[name].append(seconds - cpu_seconds(base, warm, Path(folder)))
    for name, seconds in found.items():
        print(f"{name:30} {statistics.median(seconds):6.3f} s")


def cpu_seconds(text: str, cache: Path, folder: Path) -> float:
    """User and system time of a process that runs `text` as a file."""
    path = folder / f"model_{hashlib.sha256(text.encode()).hexdigest()[:8]}.py"
    if not path.exists():  # Numba compiles again what was written again
        path.write_text(text)
    environment = {**os.environ, "RETROGRAD_CACHE_DIR": str(cache)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, str(path)], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
