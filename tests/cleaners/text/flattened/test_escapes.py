from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners import clean_page
from cleaners.output.ledger import check_ledger, replay
from cleaners.text.flattened.escapes import escaped_line_ends, references

ONE = "The harbour board said on Monday that the old crane would be taken down within the month, and nobody was surprised."
TWO = "Nobody had used it since the spring, the master of the quay told reporters on Tuesday, and the ropes had been sold."
PARTS = [
    "\\n", "\\r\\n", "\\t", '\\"', "\\u2019", "\\ud83d\\ude00", "\\ud83d", "\\xa0", "\\q", "\\",
    "&amp;", "&nbsp;", "&#8217;", "&amp;amp;", "&shy;", "&lt;", "&mdash;", "&fjlig;", "&#0;", "&",
    "\n", " ", "**", "[a](/b?c&amp;d)", "# ", "The ferry is back.", "they", "Advertisement",
]  # fmt: skip


def cleaned_text(text: str) -> str:
    """Return the text of the only record of a page, whose ledger must give it."""
    cleaned = clean_page(text)
    (record,) = cleaned.records
    check_ledger(text, cleaned.segments)
    assert replay(text, cleaned.segments, record.id, "text") == record.text
    return record.text


def test_escaped_line_ends_are_line_ends():
    text = f'Old crane to go\\n\\n{ONE}\\r\\n{TWO} It isn\\u2019t \\"sad\\".\\n'
    assert cleaned_text(text) == f'{ONE}\n{TWO} It isn’t "sad".'


def test_references_are_characters():
    said = "It isn&#8217;t so&nbsp;&amp;mdash;&nbsp;they said."
    text = f"Old crane &amp; quay\n&nbsp;\n&ldquo;{ONE}&rdquo; {said}\n{TWO} The co&shy;op."
    assert cleaned_text(text) == f"“{ONE}” It isn’t so — they said.\n{TWO} The coop."
    assert clean_page(text).records[0].title == "Old crane & quay"


def test_an_escape_between_marks_is_a_character():
    text = f"# Old crane to go\n\n[Bell](/b) &amp; [Ross](/r) say so. {ONE}\n\n{TWO} **So** &mdash; _they_&#8217;_re_ gone."
    assert cleaned_text(text) == f"Bell & Ross say so. {ONE}\n{TWO} So — they’re gone."


def test_a_page_with_escapes_that_cannot_be_read_back_keeps_them_and_loses_its_marks():
    text = f"# Old crane to go\n\nIt isn&#8217;t &#8220;&lt;&#8221; so. {ONE}\n\n{TWO} **So** say _they_, see [the quay](/q)."
    assert cleaned_text(text) == f"It isn&#8217;t &#8220;&lt;&#8221; so. {ONE}\n{TWO} So say they, see the quay."


def test_the_ledger_says_where_each_escape_went():
    text = f"Old crane to go\n{ONE} It isn&#8217;t so.\nAdvertisement&nbsp;\n{TWO}"
    cleaned = clean_page(text)
    fates = {text[it.start : it.end]: it.field or it.rule for it in cleaned.segments}
    assert fates["&#8217;"] == "text"
    assert fates["&nbsp;"] == "generic.escape"
    assert cleaned.kinds["generic.escape"] == "structure"


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} Write \\n for the end of a line.",
        f"{ONE}\n{TWO} It ends.\\n\\n",
        "Save it to C:\\new\\table. Then run it.",
        f"{ONE}\\n\\n{TWO} The \\alpha of it.",
        "It is $\\nabla$ that counts.",
        f"{ONE} \\\\n\\\\n",
    ],
)
def test_other_backslashes_stay(text):
    assert escaped_line_ends(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Write &amp; for the sign `&` on a page.",
        "Write &amp; for & on a page.",
        '<a href="/x?a=1&amp;b=2">A link</a>',
        "if (a &amp;&amp; b) { c(); }",
        "Fish & chips, and bread &amp; butter.",
        "The value 1 &lt; 2 holds.",
        "&hellp; is no name, and &#0; no character.",
        "&mdash;",
    ],
)
def test_references_in_code_and_in_a_text_that_is_not_escaped_stay(text):
    assert references(text) == []


@pytest.mark.parametrize(
    "text", ["Bread &amp; butter.", "Fish & chips aren&#39;t bread.", "See /x?a=1&b=2 on bread &amp; butter."]
)
def test_a_text_is_escaped_that_has_no_bare_sign_or_a_reference_in_a_word(text):
    assert references(text)


def test_a_line_of_code_stays_in_an_escaped_text():
    text = f"Old crane to go\n{ONE} It isn&#8217;t so.\n<b>&amp;</b>\n{TWO}"
    assert cleaned_text(text) == f"{ONE} It isn’t so.\n<b>&amp;</b>\n{TWO}"


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@example("The ferry is back.\\n\\n&amp;#8217;they&nbsp;")
@example("they&#8217;they\n&mdash;\n**&mdash;** they")
def test_every_record_of_an_escaped_page_can_be_read_back(text):
    cleaned = clean_page(text)
    check_ledger(text, cleaned.segments)
    for record in cleaned.records:
        if record.text:
            assert replay(text, cleaned.segments, record.id, "text") == record.text


@given(st.text(alphabet="ab &;#\\nt.\n<", max_size=60))
def test_a_text_without_escapes_has_no_edits(text):
    if "&" not in text and "\\" not in text:
        assert not escaped_line_ends(text)
        assert not references(text)
