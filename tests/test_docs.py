"""The pages say what is so: gradients and tables are as printed now, code compiles, links lead somewhere."""

import ast
import importlib.util
import re
import runpy
from pathlib import Path
from types import ModuleType

import pytest

import retrograd as rg
from retrograd.compiling import compile_file
from retrograd.examining import examine
from retrograd.transforms.diagnostics.catalogue import kind_of

ROOT = Path(__file__).parents[1]

PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "changes/*.md", "examples/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)

COMMANDS = ("./run demo", "./run test")


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """docs/generate.py as a module."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_what_is_printed_is_current(generate):
    stale = [
        page_id(path)
        for path, text in generate.current().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `python docs/generate.py`"


def test_the_readme_shows_a_gradient(generate):
    matches = generate.GRADIENT.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [name for _, name, *_ in matches] == ["fall"]
    assert all("def fall_grad(" in text for *_, text in matches)


def test_the_example_of_the_readme_is_short(generate):
    source = generate.primal((ROOT / "README.md").read_text(encoding="utf-8"), "fall")
    assert len(source.splitlines()) <= 12


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_python_blocks_parse(page, generate):
    not_python = kind_of("RG101").refused  # the one snippet whose point is that it does not parse
    for block in generate.PYTHON_BLOCK.findall(page.read_text(encoding="utf-8")):
        if block != not_python:
            ast.parse(block, page_id(page))


PROGRAMS = [
    ROOT / "README.md",
    *(ROOT / "docs" / name for name in ("tour.md", "fitting.md", "descent.md", "training.md")),
]


@pytest.mark.parametrize("page", PROGRAMS, ids=page_id)
def test_programs_in_the_text_run(page, generate, tmp_path):
    blocks = generate.PYTHON_BLOCK.findall(page.read_text(encoding="utf-8"))
    programs = [block for block in blocks if "import retrograd as rg" in block]
    assert programs
    for number, program in enumerate(programs):
        file = tmp_path / f"program_{number}.py"
        file.write_text(program, encoding="utf-8")
        runpy.run_path(str(file))


def test_programs_that_differentiate_do(tmp_path):
    tour = (ROOT / "docs" / "tour.md").read_text(encoding="utf-8")
    programs = re.findall(r"<!-- differentiates -->\n```python\n(.*?)^```$", tour, re.M | re.S)
    assert programs
    for number, program in enumerate(programs):
        file = tmp_path / f"program_{number}.py"
        file.write_text(program, encoding="utf-8")
        found = list(examine([file]))
        assert found
        assert all(one.wrt and not one.diagnostics for one in found), found


def test_the_refusal_in_the_readme_is_what_is_printed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = (
        "\n" * 12
        + "def f(x):\n    try:\n        x = 1.0 / x\n    finally:\n        pass\n    return x\n"
    )
    Path("model.py").write_text(source)
    with pytest.raises(rg.UnsupportedError) as refusal:
        compile_file(Path("model.py"), ["f"])
    assert f"```\n{refusal.value}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_resolve(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\[[^\]]+\]\(([^)\s]+)\)", text):
        if re.match(r"https?://|mailto:", link):
            continue
        file, _, anchor = link.partition("#")
        goal = (page.parent / file).resolve() if file else page
        assert goal.exists(), f"{page_id(page)} links to {link}"
        if anchor:
            assert anchor in anchors(goal.read_text(encoding="utf-8")), f"no #{anchor} in {link}"


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CONTRIBUTING.md"], ids=page_id)
def test_paths_in_the_text_exist(page):
    named = re.findall(
        r"`((?:src|tests|docs|changes|examples|benchmarks|\.ci)/[^`\s<]*)`", page.read_text()
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_continuous_integration_runs_the_commands_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    for command in COMMANDS:
        assert f"```sh\n{command}\n```" in readme
        assert command in ci
