from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.inputs.fragment import fragment_of

ONE = "The harbour board said on Monday that the old crane would be taken down within the month."
TWO = "Nobody had used it since the spring, the master of the quay told reporters on Tuesday."


@pytest.mark.parametrize(
    "text",
    [
        f"<p>{ONE}</p><p>{TWO}</p>",
        f"{ONE}<br><br>{TWO}",
        f"{ONE}<br />\n{TWO}<br />",
        f"{ONE}\n<p>{TWO}</p>\n<p>{ONE}</p>\n<p>{TWO}</p>\n<p>{ONE}</p>\n<p>{TWO}</p>",
        f"\n<h2>Old crane to go</h2>\n<p class='lede'>{ONE}</p>\n",
    ],
)
def test_a_text_that_is_html_as_a_whole_is_html(text):
    assert fragment_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\n{TWO}",
        f"{ONE}\nUse <p>One</p> and <br> for this.\n{TWO}\n{ONE} So.\n{TWO} So.",
        "1 < 2 and 3 > 2",
        f"{ONE} It is <b>gone</b>.",
        "Use <p> for a paragraph and <br> for the end of a line, and close what you have opened before.",
        f"&lt;Old crane to go&gt; {ONE}",
        f"{TWO}\n&lt;p&gt; begins a paragraph.",
        "",
    ],
)
def test_a_text_with_tags_in_it_is_a_text(text):
    assert fragment_of(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        f'{ONE} It was <a href="https://quaypost.example/old">old</a>.\n\n{TWO}',
        f"<strong>{ONE}</strong>\n{TWO} It <em>was</em> <b>so</b>.",
    ],
)
def test_lines_with_inline_tags_are_paragraphs(text):
    assert fragment_of(text) == "\n".join(f"<p>{line}</p>" for line in text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} Write <b>bold</b> and <i>italic</i>.",
        f"{ONE} Write <b> and </b>, <i> and </i>, <u> and <em> for this.",
        f"{ONE}\n<a href='/x'>A link</a>\n{TWO}",
        f"{ONE} Write `<a href='/x'>a link</a>` for a link in a page.",
        f"{ONE} <a href='/x'>a link</a> in a <custom>tag</custom>.",
    ],
)
def test_quoted_inline_tags_are_text(text):
    assert fragment_of(text) == ""


@pytest.mark.parametrize("level", [1, 2])
def test_escaped_html_is_html(level):
    escaped = text = f"<p>{ONE} It isn&#8217;t.</p>"
    for _ in range(level):
        escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert fragment_of(escaped) == text


@given(st.text(alphabet="<>p/br \nab&lt;", max_size=100))
def test_any_text_is_one_or_the_other(text):
    assert fragment_of(text) in ("", text) or "&lt;" in text
