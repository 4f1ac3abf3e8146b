"""What several test modules need."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from cleaners.pipeline import default_library
from cleaners.rules.registry import Library
from flows.planning import shards

ROOT = Path(__file__).parent.parent

# Shared machines stall for seconds; how long an example takes is no property of the code.
# Where CI is set the examples are the same each time, so that a change is judged by itself; elsewhere they are new ones.
settings.register_profile("dehusk", deadline=None, max_examples=200, derandomize=bool(os.environ.get("CI")))
settings.load_profile("dehusk")


@pytest.fixture(scope="session")
def library() -> Library:
    """The shipped packs, safe rules only."""
    return default_library()


@pytest.fixture
def cut_at(monkeypatch) -> Callable[[int], None]:
    """What makes shards of so many bytes, whatever a file counts for."""

    def cut(shard_bytes: int) -> None:
        monkeypatch.setattr(shards, "SHARD_BYTES", shard_bytes)
        monkeypatch.setattr(shards, "MIN_SOURCE_BYTES", 0)

    return cut


@pytest.fixture
def seeds() -> Path:
    """The folder of the two seed documents."""
    return ROOT / "seeds"
