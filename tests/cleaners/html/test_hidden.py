"""Hidden elements are left out of a page, unless they hold most of its text."""

from __future__ import annotations

import pytest
from lxml import html

from cleaners.html.looks import look_of
from cleaners.html.render import render
from tests.support.html_pages import ONE, THREE, TWO


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        ("<p hidden>no</p><div style='color:red; display : none'>no</div><dialog>no</dialog>", ["p", "div", "dialog"]),
        ("<div style='VISIBILITY:hidden'><p>no</p></div>", ["div"]),
        ("<dialog open>yes</dialog><p style='color: red'>yes</p><p style='x-display:none'>yes</p>", []),
    ],
)
def test_an_element_is_hidden_by_its_own_attributes(page, hidden):
    tree = html.document_fromstring(f"<body>{page}</body>")
    assert [element.tag for element in tree.iter() if look_of(element).is_hidden] == hidden


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (f"<p>{ONE}</p><p hidden>no</p>yes", [ONE, "yes"]),
        (f"<p>{ONE}</p><div hidden><p hidden>no</p></div>", [ONE]),
        (f"<div style='visibility:hidden'><p>{ONE}</p><p>{TWO}</p></div><p>Subscribe</p>", [ONE, TWO, "Subscribe"]),
        (f"<script>{'var x = 1;' * 2_000}</script><div hidden><p>{ONE}</p><p>{TWO}</p></div><p>Yes</p>", [ONE, TWO, "Yes"]),
        (f"<p>{ONE}</p><div hidden><style>{'p {}' * 2_000}</style>no</div>", [ONE]),
        # An element hidden twice counts once.
        (f"<div hidden><p hidden>{ONE}</p></div><p>{TWO}</p><p>{THREE}</p>", [TWO, THREE]),
        (f"<body hidden><p>{ONE}</p><p hidden>{TWO}</p>", [ONE, TWO]),
        # Scripts show such a page when it is loaded.
        (f"<html style='visibility:hidden'><body><p>{ONE}</p><p hidden>no</p>", [ONE]),
    ],
)
def test_hidden_elements_are_shown_where_they_are_most_of_the_page(page, shown):
    assert [text for text, _ in render(html.document_fromstring(page))] == shown
