from __future__ import annotations

import textwrap

from hypothesis import example, given
from hypothesis import strategies as st

from cleaners import Page, clean_page
from cleaners.output.ledger import check_ledger, replay

ONE = "The harbour board said on Monday that the old crane would be taken down within the month, and nobody was surprised."
TWO = "Nobody had used it since the spring, the master of the quay told reporters on Tuesday, and the ropes had been sold."
HTML2TEXT = f"""
  * [Home](/)
  * [Log in](/login)

# Old crane to go

_12 May 2026_

![The quay](/quay.jpg)

{ONE.replace("old crane", "[old crane](/crane)")}

Advertisement

**{TWO}**

  * [Share](/share)
"""
PARTS = [
    "[a](/b)",
    "**",
    "_",
    "\n",
    " ",
    "# ",
    "![x](/y)",
    "The ferry is back, they say",
    ", which",
    "the",
    ".",
    "Advertisement",
    "\\-",
    "](/c)",
]


def test_the_ledger_of_a_marked_page_is_that_of_its_own_characters():
    cleaned = clean_page(HTML2TEXT)
    (record,) = cleaned.records
    assert (record.title, record.text) == ("Old crane to go", f"{ONE}\n{TWO}")
    assert cleaned.kinds["generic.markup"] == "structure"
    check_ledger(HTML2TEXT, cleaned.segments)
    assert replay(HTML2TEXT, cleaned.segments, record.id, "text") == record.text
    assert record.page.id == Page(HTML2TEXT).id


def test_a_wrapped_page_gives_its_paragraphs():
    text = f"Old crane to go\n\n{textwrap.fill(f'{ONE} {TWO}', 70)}\n\n{textwrap.fill(f'{TWO} {ONE}', 70)}\n"
    cleaned = clean_page(text)
    (record,) = cleaned.records
    assert record.text == f"{ONE} {TWO}\n{TWO} {ONE}"
    assert replay(text, cleaned.segments, record.id, "text") == record.text
    assert "generic.joined-line" in cleaned.kinds


@given(st.lists(st.sampled_from(PARTS), max_size=60).map("".join))
@example("[a](/b)[c](/d)** Advertisement **\n, which is\n, which")
def test_every_record_can_be_read_back(text):
    cleaned = clean_page(text)
    check_ledger(text, cleaned.segments)
    for record in cleaned.records:
        if record.text:
            assert replay(text, cleaned.segments, record.id, "text") == record.text
