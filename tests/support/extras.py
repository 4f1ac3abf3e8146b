"""What some tests need and a plain install of the tests does not bring."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

PROGRAMS = ("gcc", "jq")  # no package of Python's, so that CI may lack them, too


def skip_without(*names: str) -> None:
    """Skip a test where a module or a program that it needs is missing; where CI is set, a module must be there."""
    missing = [name for name in names if not (shutil.which(name) if name in PROGRAMS else find_spec(name))]
    if os.environ.get("CI"):
        assert not set(missing) - set(PROGRAMS), f"{missing} must be installed: pip install -c .ci/pins.txt -e '.[consumers]'"
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}; pip install -c .ci/pins.txt -e '.[consumers]' brings modules")
