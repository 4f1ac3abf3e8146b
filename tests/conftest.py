"""Fixtures that several test modules share, the examples of hypothesis, and an environment that is the same everywhere."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from cleaners.pipeline import default_library
from cleaners.rules.registry import Library
from flows.planning import shards
from tests.support.processes import kill_all_with
from tests.support.services import make_prefect_home, prefect_server

ROOT = Path(__file__).parent.parent
MARK = "DEHUSK_TESTS"  # in the environment of all that tests start
LONGEST_ID = 60  # characters of a value
FIRST = ("service", "slow", "browser")  # what takes longest begins first, so that no worker is left with it at the end

# No test may see how the machine is set up, nor use a Prefect server that happens to be there. Prefect is imported later.
for name in [name for name in os.environ if name.startswith(("PREFECT_", "DEHUSK_"))]:
    del os.environ[name]

# The examples are the same each time, so that a change is judged by itself. How long one takes is no property of the code:
# shared machines stall for seconds. `--hypothesis-profile=explore` looks for new examples.
settings.register_profile("dehusk", deadline=None, max_examples=200, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=1_000)
settings.load_profile("dehusk")


def pytest_xdist_auto_num_workers() -> int:
    """Return one more than there are cores, as many tests wait for processes that they have started."""
    return len(os.sched_getaffinity(0)) + 1


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name tests with long values by the parameter; compressed ones, which hold a time, would differ between processes."""
    is_long = isinstance(val, bytes) or (isinstance(val, str) and len(val) > LONGEST_ID)
    return argname if is_long else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests first that take longest."""
    items.sort(key=lambda item: next((n for n, mark in enumerate(FIRST) if item.get_closest_marker(mark)), len(FIRST)))


@pytest.fixture(scope="session", autouse=True)
def _surroundings() -> Iterator[None]:
    """End what tests have started and left."""
    mark = uuid.uuid4().hex
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARK, mark)
        yield
    kill_all_with(MARK, mark, spared="resource_tracker")


@pytest.fixture(scope="session")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """What makes a folder a home of Prefect with a database in it, which takes Prefect ten seconds and is made once."""
    return partial(make_prefect_home, template=shared_folder(tmp_path_factory) / "prefect-home")


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory, prefect_home: Callable[[Path], Path]) -> Iterator[dict[str, str]]:
    """The environment in which commands use a Prefect server, which tests share."""
    folder = tmp_path_factory.mktemp("prefect-server")
    prefect_home(folder / "home")
    with prefect_server(folder) as env:
        yield env


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for all processes that run these tests at the same time."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped packs, safe rules only."""
    return default_library()


@pytest.fixture
def cut_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """What makes shards of so many bytes, whatever a file counts for."""

    def cut(shard_bytes: int) -> None:
        monkeypatch.setattr(shards, "SHARD_BYTES", shard_bytes)
        monkeypatch.setattr(shards, "MIN_SOURCE_BYTES", 0)

    return cut


@pytest.fixture
def seeds() -> Path:
    """The folder of the two seed documents."""
    return ROOT / "seeds"
