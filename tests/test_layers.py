"""What may import what, read off the sources: the compiler is a stack, and the runtime stands alone."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import retrograd

ROOT = Path(retrograd.__file__).parent

#: From the bottom up; a module may import its own layer and those before it.
LAYERS = (
    "retrograd.transforms.diagnostics",
    "retrograd.transforms.ir",
    "retrograd.transforms.frontend",
    "retrograd.transforms.rules",
    "retrograd.transforms.analyses",
    "retrograd.transforms.passes",
    "retrograd.transforms.backend",
    "retrograd.transforms.pipeline",
    "retrograd.transforms.explain",
    "api",
    "cli",
)

#: The modules at the top of the package where compiler and runtime meet.
API = {
    "retrograd",
    "retrograd.api",
    "retrograd.batch_fits",
    "retrograd.cache",
    "retrograd.compiling",
    "retrograd.constraints",
    "retrograd.direct",
    "retrograd.examining",
    "retrograd.fit_parameters",
    "retrograd.fitting",
    "retrograd.linked_fits",
    "retrograd.linked_source",
    "retrograd.gradient_checks",
    "retrograd.hessians",
    "retrograd.minimizing",
    "retrograd.modes",
    "retrograd.native",
    "retrograd.native_fits",
    "retrograd.own_rules",
    "retrograd.parameters",
    "retrograd.progress",
    "retrograd.point_gradients",
    "retrograd.surroundings",
    "retrograd.written_out",
}

#: Who may import which of our dependencies; the standard library is everybody's.
THIRD_PARTY = {
    "libcst": ("retrograd.transforms.frontend", "retrograd.transforms.backend"),
    "black": ("retrograd.transforms.backend",),
    "numpy": (
        *("retrograd.runtime", "retrograd.api", "retrograd.modes", "retrograd.batch_fits"),
        *("retrograd.point_gradients", "retrograd.native_fits"),
        *("retrograd.fitting", "retrograd.gradient_checks", "retrograd.own_rules"),
        *("retrograd.parameters", "retrograd.constraints", "retrograd.minimizing"),
        *("retrograd.parameters", "retrograd.fit_parameters", "retrograd.linked_fits"),
        "retrograd.cli",
    ),
    "numba": ("retrograd.runtime",),
    "llvmlite": ("retrograd.runtime",),
    "matplotlib": ("retrograd.runtime",),
    "click": ("retrograd.cli",),
    "rich": ("retrograd.cli", "retrograd.api", "retrograd.progress"),
    "platformdirs": ("retrograd.cache",),
}


def inside(module: str, package: str) -> bool:
    """Whether `module` is `package` or lies in it."""
    return module == package or module.startswith(package + ".")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}


def imports(module: str) -> Iterator[str]:
    """Every module that `module` imports anywhere, with the names imported from packages."""
    for node in ast.walk(ast.parse(SOURCES[module].read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(level=0, module=str(source), names=names):
                for alias in names:
                    full = f"{source}.{alias.name}"
                    yield full if full in SOURCES else source
            case ast.ImportFrom():
                pytest.fail(f"{module}: relative imports hide what a module depends on")
            case _:
                pass


def layer_of(module: str) -> str | None:
    """The layer of `module`, "runtime", or None for a package that only holds others."""
    if module in API:
        return "api"
    if inside(module, "retrograd.cli") or module == "retrograd.__main__":
        return "cli"
    if inside(module, "retrograd.runtime"):
        return "runtime"
    return next((layer for layer in LAYERS if inside(module, layer)), None)


@pytest.mark.parametrize("module", SOURCES)
def test_a_module_imports_only_what_stands_below_it(module: str) -> None:
    layer = layer_of(module)
    ours = [name for name in imports(module) if inside(name, "retrograd")]
    if layer is None:
        assert module == "retrograd.transforms", f"{module} belongs to no layer"
        assert ours == []
        return
    if layer == "runtime":
        assert [name for name in ours if layer_of(name) != "runtime"] == []
        return
    allowed = {*LAYERS[: LAYERS.index(layer) + 1]}
    if layer in ("api", "cli"):
        allowed.add("runtime")
    if module == "retrograd":  # it fetches names, lazily, and nobody below may lean on it
        allowed.discard("cli")
    assert [name for name in ours if layer_of(name) not in allowed] == []


@pytest.mark.parametrize("module", SOURCES)
def test_dependencies_stay_where_they_belong(module: str) -> None:
    for name in imports(module):
        package = name.partition(".")[0]
        if package == "retrograd" or package in sys.stdlib_module_names:
            continue
        homes = THIRD_PARTY.get(package, ())
        assert any(
            inside(module, home) for home in homes
        ), f"{module} imports {name}; {package} belongs to {homes or 'nobody'}"


def test_runtime_functions_that_the_compiler_names_exist() -> None:
    runtime = importlib.import_module("retrograd.runtime")
    named = {
        (module, name)
        for module, path in SOURCES.items()
        if inside(module, "retrograd.transforms")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in re.findall(r"\bretrograd\.runtime\.(\w+)", node.value)
    }
    assert [pair for pair in sorted(named) if not hasattr(runtime, pair[1])] == []


def test_importing_the_package_loads_no_compiler() -> None:
    code = (
        "import sys, retrograd\n"
        "heavy = {'libcst', 'black', 'numba', 'scipy', 'click', 'rich', 'matplotlib', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_resolve_and_are_not_hidden_by_modules() -> None:
    modules = {name.split(".")[1] for name in SOURCES if name.count(".") == 1}
    for name in retrograd.__all__:
        assert getattr(retrograd, name) is not None
        assert name in dir(retrograd)
        assert name not in modules, f"importing retrograd.{name} would replace the public name"
    with pytest.raises(AttributeError, match="no attribute 'gard'"):
        retrograd.gard  # noqa: B018


def test_type_checkers_and_python_find_the_same_names() -> None:
    tree = ast.parse(SOURCES["retrograd"].read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("retrograd.")
        for alias in node.names
    }
    home = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "_HOME"
    )
    assert home is not None
    assert typed == ast.literal_eval(home)
