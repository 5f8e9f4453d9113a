"""Programs as modules that stand in files, so that their source is found and tracebacks show it."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load(path: Path, text: str) -> ModuleType:
    """`text` as a module that stands in a file."""
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.pop(path.stem, None)
    spec.loader.exec_module(module)
    return module
