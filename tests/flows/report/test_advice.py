from __future__ import annotations

from cleaners.output.record import FLAGS
from flows.report.advice import ADVICE


def test_each_flag_comes_with_advice():
    assert list(ADVICE) == sorted(FLAGS)
