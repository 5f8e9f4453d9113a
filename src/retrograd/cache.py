"""Generated source on disk, so that a second process does not need the compiler.

An entry is one file: a line with a checksum, a line with what is known about the text, and the
text. Whatever is wrong with the folder or a file in it, a cache never breaks a program: an entry
that cannot be trusted is not there, and one that cannot be written is not kept.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

#: Moves the cache; "0" turns it off.
VARIABLE: Final = "RETROGRAD_CACHE_DIR"

#: Changes whenever the form of an entry does, so that an older entry counts as foreign.
_FORMAT: Final = "retrograd cache 1"


@dataclass(frozen=True, slots=True)
class Entry:
    """Generated text, and what else was found out about it."""

    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)


def digest(*parts: str) -> str:
    """A key for `parts`, 64 hexadecimal digits; different parts have different keys."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


class SourceCache:
    """A folder of entries by key; any number of threads and processes may share it."""

    def __init__(self, folder: Path | None) -> None:
        """Keep entries in `folder`, which need not exist yet; with None, keep nothing."""
        self.folder = folder

    @classmethod
    def of_user(cls) -> "SourceCache":
        """The cache where the environment wants it, else in the platform's folder for caches."""
        wanted = os.environ.get(VARIABLE, "")
        if wanted == "0":
            return cls(None)
        return cls(Path(wanted) if wanted else _platform_folder())

    def get(self, key: str) -> Entry | None:
        """What was last put under `key`, if it is there, whole and ours."""
        if self.folder is None:
            return None
        try:
            data = self._path(key).read_bytes()
            checksum, found, content = data.partition(b"\n")
            if not found or checksum != _checksum(key, content):
                return None
            meta, _, text = content.decode().partition("\n")
            return Entry(text, json.loads(meta.removeprefix("# ")))
        except (OSError, ValueError):
            return None

    def put(self, key: str, text: str, meta: Mapping[str, Any] | None = None) -> None:
        """Keep `text` under `key`, with `meta` of what JSON can hold.

        A reader sees the old entry or the new one, never a part of either.
        """
        if self.folder is None:
            return
        with contextlib.suppress(OSError, ValueError):
            content = f"# {json.dumps(dict(meta or {}), sort_keys=True)}\n{text}".encode()
            # Only the user may write here: what is read back is run.
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _replace(self._path(key), _checksum(key, content) + b"\n" + content)

    def _path(self, key: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{key}.py"


def _checksum(key: str, content: bytes) -> bytes:
    """The first line of the entry; an entry moved to another key does not fit it either."""
    total = hashlib.sha256(f"{_FORMAT} {key}\n".encode() + content)
    return f"# {_FORMAT} {total.hexdigest()}".encode()


def _replace(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one step, through a file of our own beside it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _platform_folder() -> Path | None:
    try:
        import platformdirs  # only a program without a folder of its own choice needs it

        return Path(platformdirs.user_cache_dir("retrograd", appauthor=False))
    except (OSError, RuntimeError, KeyError):
        return None  # a user without a home
