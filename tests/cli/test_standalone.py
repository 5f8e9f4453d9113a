"""``--standalone``: the file needs nothing but NumPy, and computes the same."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

#: Runs a generated file where retrograd cannot be imported, and prints what its function returns.
ISOLATED = """
import json, runpy, sys

path, name, numpy_home, point = sys.argv[1:]
sys.path.append(numpy_home)

class NoRetrograd:
    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] == "retrograd":
            raise ImportError("no retrograd here")

sys.meta_path.insert(0, NoRetrograd())
import numpy as np

arguments = [np.array(a) if isinstance(a, list) else a for a in json.loads(point)]
result = runpy.run_path(path)[name](*arguments)
parts = result if isinstance(result, tuple) else (result,)
print(json.dumps([np.asarray(part).tolist() for part in parts]))
"""

PROGRAMS = {
    "broadcast": (
        "import numpy as np\n\n\n"
        "def f(w, X, b):\n    z = X @ w + b\n    return np.sum(np.tanh(z) * b) / np.max(X)\n",
        "w,X,b",
        [[0.3, -0.2], [[1.0, 2.0], [0.5, -1.0], [2.5, 0.25]], [0.1, 0.2, 0.3]],
    ),
    "loop": (
        "import math\n\nSTEP = 0.25\n\n\n"
        "def pull(x, k):\n    return -k * math.sin(x)\n\n\n"
        "def f(x, k):\n    v = 0.0\n    for _ in range(5):\n"
        "        v = v + STEP * pull(x, k)\n        x = x + STEP * v\n    return x * x + v\n",
        "x,k",
        [0.7, 1.3],
    ),
    "axis": (
        "import numpy as np\n\n\n"
        "def f(x):\n    m = np.max(x, axis=0, keepdims=True)\n"
        "    s = np.sum(np.exp(x - m), axis=0)\n    return np.sum(np.log(s) * np.std(x, axis=0))\n",
        "x",
        [[[0.3, -0.2, 1.0], [1.0, 2.0, -0.5]]],
    ),
}


def differences(f, point, index, step=6e-6):
    """Central differences of `f` with respect to argument `index`, entry by entry."""
    at = [np.array(a, dtype=float) for a in point]
    gradient = np.empty(at[index].shape)
    for entry in np.ndindex(gradient.shape):
        values = []
        for sign in (1.0, -1.0):
            moved = [a.copy() for a in at]
            moved[index][entry] += sign * step
            values.append(f(*(a if a.ndim else float(a) for a in moved)))
        gradient[entry] = (values[0] - values[1]) / (2.0 * step)
    return gradient


@pytest.mark.parametrize("program", PROGRAMS)
def test_runs_without_retrograd(project, run, program):
    source, wrt, point = PROGRAMS[program]
    (project / "program.py").write_text(source)
    done = run("compile", "program.py:f", "--wrt", wrt, "--standalone", "-o", "alone.py")
    assert done.exit_code == 0, done.stderr
    text = (project / "alone.py").read_text()
    assert "import retrograd" not in text
    assert "from retrograd" not in text
    numpy_home = Path(np.__file__).parents[1]
    command = [sys.executable, "-I", "-S", "-c", ISOLATED]
    arguments = ["alone.py", "f_grad", str(numpy_home), json.dumps(point)]
    ran = subprocess.run([*command, *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    scope: dict[str, object] = {}
    exec(source, scope)
    for index, part in enumerate(json.loads(ran.stdout)):
        np.testing.assert_allclose(
            part, differences(scope["f"], point, index), rtol=1e-7, atol=1e-8
        )


def test_the_ordinary_file_imports_the_runtime(project, run):
    source, wrt, _ = PROGRAMS["broadcast"]
    (project / "program.py").write_text(source)
    assert "retrograd.runtime" in run("compile", "program.py:f", "--wrt", wrt).stdout
