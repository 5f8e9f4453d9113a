"""The cache gives back what was put, or nothing, whatever happens to its folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from retrograd.cache import VARIABLE, Entry, SourceCache, digest

KEY = digest("source", "request")
TEXT = "def f_grad(x):\n    return 'é' # \u2028 \r\n"


@pytest.fixture
def cache(tmp_path: Path) -> SourceCache:
    return SourceCache(tmp_path / "deep" / "cache")


def entry_file(cache: SourceCache) -> Path:
    assert cache.folder is not None
    (file,) = cache.folder.iterdir()
    return file


def test_what_is_put_is_found(cache: SourceCache) -> None:
    assert cache.get(KEY) is None
    cache.put(KEY, TEXT, {"name": "f_grad", "watched": ["K", 1]})
    assert cache.get(KEY) == Entry(TEXT, {"name": "f_grad", "watched": ["K", 1]})
    assert cache.get(digest("other")) is None


def test_the_last_to_write_wins(cache: SourceCache) -> None:
    cache.put(KEY, "first")
    cache.put(KEY, "second")
    assert cache.get(KEY) == Entry("second", {})
    assert entry_file(cache).name == f"{KEY}.py"


def test_an_entry_reads_as_python(cache: SourceCache) -> None:
    cache.put(KEY, TEXT, {"name": "a\nb"})
    compile(entry_file(cache).read_bytes(), "entry", "exec")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data.replace(b"return", b"remove"),
        lambda data: data.replace(b"cache 1", b"cache 0"),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xff\xfe" + data,
        lambda data: b"import this\n",
        lambda data: data.partition(b"\n")[0],
    ],
)
def test_a_damaged_entry_is_ignored_and_rewritten(cache: SourceCache, damage) -> None:  # type: ignore[no-untyped-def]
    cache.put(KEY, TEXT)
    file = entry_file(cache)
    file.write_bytes(damage(file.read_bytes()))
    assert cache.get(KEY) is None
    cache.put(KEY, TEXT)
    assert cache.get(KEY) == Entry(TEXT)


def test_an_entry_under_a_strange_key_is_ignored(cache: SourceCache) -> None:
    cache.put(KEY, TEXT)
    other = digest("other")
    shutil.copy(entry_file(cache), entry_file(cache).with_name(f"{other}.py"))
    assert cache.get(other) is None
    assert cache.get(KEY) == Entry(TEXT)


def test_a_folder_in_the_place_of_an_entry(cache: SourceCache) -> None:
    assert cache.folder is not None
    (cache.folder / f"{KEY}.py").mkdir(parents=True)
    cache.put(KEY, TEXT)
    assert cache.get(KEY) is None
    assert not list(cache.folder.glob(".*"))


def test_a_folder_that_cannot_be_made_or_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = SourceCache(tmp_path / "file" / "cache")
    cache.put(KEY, TEXT)
    assert cache.get(KEY) is None


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_without_write_permission(cache: SourceCache) -> None:
    assert cache.folder is not None
    cache.put(KEY, TEXT)
    cache.folder.chmod(0o500)
    cache.put(KEY, "other")
    cache.put(digest("new"), TEXT)
    assert cache.get(KEY) == Entry(TEXT)
    assert cache.get(digest("new")) is None
    cache.folder.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_nobody_else_may_write_what_is_run_later(cache: SourceCache) -> None:
    cache.put(KEY, TEXT)
    assert cache.folder is not None
    assert cache.folder.stat().st_mode & 0o022 == 0
    assert entry_file(cache).stat().st_mode & 0o022 == 0


# ---------------------------------------------------------------- the environment


def test_the_variable_moves_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "here"))
    SourceCache.of_user().put(KEY, TEXT)
    assert SourceCache(tmp_path / "here").get(KEY) == Entry(TEXT)


def test_the_variable_turns_the_cache_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0")
    monkeypatch.chdir(tmp_path)
    cache = SourceCache.of_user()
    cache.put(KEY, TEXT)
    assert cache.get(KEY) is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [None, ""])
def test_else_the_platform_says_where(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    folder = SourceCache.of_user().folder
    assert folder is not None
    assert "retrograd" in folder.parts


def test_a_cache_of_ones_own_loads_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from retrograd.cache import SourceCache; c = SourceCache.of_user();"
        "c.put('k', 't'); assert c.get('k').text == 't';"
        "assert not {'platformdirs', 'numpy', 'libcst', 'black'} & set(sys.modules)"
    )
    environment = {**os.environ, VARIABLE: str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


# ---------------------------------------------------------------- many at once

WRITER = """
import sys
from pathlib import Path
from retrograd.cache import SourceCache

cache = SourceCache(Path(sys.argv[1]))
letter = sys.argv[2]
for length in range(200):
    cache.put("key", letter * (1 + 997 * length), {"letter": letter})
    entry = cache.get("key")
    # A file that is being replaced may be missing for a moment on some systems, never torn.
    if entry is not None:
        assert set(entry.text) == {entry.meta["letter"]}, "torn"
"""


def test_processes_that_write_the_same_entry(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), letter]) for letter in "abcd"
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]
    entry = SourceCache(tmp_path).get("key")
    assert entry is not None
    assert len(entry.text) == 1 + 997 * 199
    assert [file.name for file in tmp_path.iterdir()] == ["key.py"]


# ---------------------------------------------------------------- keys


def test_a_key_tells_its_parts_apart() -> None:
    keys = {digest(), digest(""), digest("ab"), digest("a", "b"), digest("b", "a"), digest("1:a")}
    assert len(keys) == 6
    assert digest("a", "b") == digest("a", "b")
    assert digest("\udc80") != digest("?")
