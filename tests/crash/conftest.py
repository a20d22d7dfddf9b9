"""The nursery that all tests of the crash suite share, and the mark that they bear."""

from collections.abc import Iterator

import pytest

from tests.crash.nursery import Nursery, nursery


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder kills processes."""
    for item in items:
        if "tests/crash" in item.path.as_posix():
            item.add_marker(pytest.mark.crash)


@pytest.fixture(scope="session")
def lives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where the lives of the bot begin."""
    with nursery(tmp_path_factory.mktemp("nursery")) as begun:
        yield begun
