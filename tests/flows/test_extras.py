from __future__ import annotations

import pytest

from tests.support import extras
from tests.support.extras import skip_without


def test_what_is_missing_skips_a_test_but_fails_it_in_ci(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    monkeypatch.setattr(extras.shutil, "which", lambda name: None)
    monkeypatch.delenv("CI", raising=False)
    skip_without()
    for name in ("pandas", "jq"):
        with pytest.raises(pytest.skip.Exception, match=name):
            skip_without(name)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(AssertionError, match="must be installed"):
        skip_without("pandas", "jq")
    with pytest.raises(pytest.skip.Exception):
        skip_without("jq")
