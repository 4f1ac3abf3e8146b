from __future__ import annotations

import pytest

from cleaners.errors import BadPage
from cleaners.output.ledger import check_ledger, replay
from cleaners.output.record import Segment

TEXT = "Title\n\nOne. CUT Two.\n"
KEPT = Segment(0, 5, "r", "title", None)
ONE = Segment(7, 11, "r", "text", None)
CUT = Segment(12, 15, None, None, "x.cut")
TWO = Segment(16, 20, "r", "text", None)


def test_a_complete_ledger_passes_and_reads_back():
    check_ledger(TEXT, [KEPT, ONE, CUT, TWO])
    assert replay(TEXT, [KEPT, ONE, CUT, TWO], "r", "text") == "One. Two."


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        ([], "character at 0"),
        ([KEPT, ONE, TWO], "character at 12"),
        ([KEPT, ONE, CUT], "character at 16"),
        ([KEPT, KEPT, ONE, CUT, TWO], "0-5 overlaps"),
        ([KEPT, ONE, CUT, Segment(16, 99, "r", "text", None)], "leaves the page"),
        ([KEPT, ONE, Segment(12, 15, "r", "text", "x.cut"), TWO], "not either"),
        ([KEPT, ONE, Segment(12, 15, None, None, None), TWO], "not either"),
    ],
)
def test_a_ledger_with_a_hole_is_refused(segments, says):
    with pytest.raises(BadPage, match=says) as refused:
        check_ledger(TEXT, segments)
    assert refused.value.reason == "ledger"
