"""What is hidden on a page is not its text, unless most of the page is."""

from __future__ import annotations

import pytest
from lxml import html

from cleaners.hidden import hidden_elements
from tests.html_pages import ONE, THREE, TWO


@pytest.mark.parametrize(
    ("page", "hidden"),
    [
        (
            f"<p>{ONE}</p><p hidden>no</p><div style='color:red; display : none'>no</div><dialog>no</dialog>",
            ["p", "div", "dialog"],
        ),
        (f"<p>{ONE}</p><div hidden><p hidden>no</p></div>", ["div", "p"]),
        (f"<p>{ONE}</p><dialog open>yes</dialog><p style='color: red'>yes</p>", []),
        (f"<div style='visibility:hidden'><p>{ONE}</p><p>{TWO}</p></div><p>Subscribe</p>", []),
        (f"<script>{'var x = 1;' * 2_000}</script><div hidden><p>{ONE}</p><p>{TWO}</p></div><p>Subscribe</p>", []),
        (f"<p>{ONE}</p><div hidden><style>{'p {}' * 2_000}</style>no</div>", ["div"]),
        (f"<div hidden><p hidden>{ONE}</p></div><p>{TWO}</p><p>{THREE}</p>", ["div", "p"]),
    ],
)
def test_hidden_elements_are_those_that_hide_little_of_the_page(page, hidden):
    tree = html.document_fromstring(f"<body>{page}</body>")
    found = hidden_elements(tree)
    assert [element.tag for element in tree.iter() if element in found] == hidden
