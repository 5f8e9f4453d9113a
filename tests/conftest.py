"""The options that the tests add to pytest, and what several of them share."""

from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("retrograd")
    group.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the lower half of every golden file; read the diff as if you had typed it",
    )
    group.addoption(
        "--every-call",
        action="store_true",
        help="compile every call of the rules, and not one of ten",
    )
    group.addoption(
        "--every-native",
        action="store_true",
        help="compile every golden to native code, and not a sample",
    )
    group.addoption(
        "--fuzz",
        type=int,
        metavar="N",
        help="judge N random programs instead of the sample that is always judged",
    )
    group.addoption(
        "--seed",
        type=int,
        default=0,
        metavar="S",
        help="where the random programs begin (with --fuzz)",
    )


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache for the tests of a module: differences call primals that take derivatives, over and over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RETROGRAD_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield
