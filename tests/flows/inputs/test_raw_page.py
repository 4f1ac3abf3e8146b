"""What a file's bytes are told to be."""

from __future__ import annotations

import pytest

from flows.inputs.raw_page import is_html


@pytest.mark.parametrize(
    ("raw", "name", "html"),
    [
        (b"<!doctype html><p>x", "a.txt", True),
        (b"\xef\xbb\xbf <?xml version='1.0'?><!-- c --><html lang=en><body>x</body>", "", True),
        ("<html><body><p>x</p>".encode("utf-16"), "a.txt", True),
        (b"<p>x</p>", "a.html", True),
        (b"<p>x</p>", "a.txt", False),
        (b"<body found in harbour\n\nThe police said so.", "a.txt", False),
        (b"<html> tag turns thirty\n\nIt is old.", "a.txt", False),
        (b"< 5 people were hurt", "a.html", False),
        (b"Old crane to go\n\nThe board said so.", "a.txt", False),
        (b"<!-- -->" * 512 + b"x", "a.txt", False),
        (b"", "a.html", False),
    ],
)
def test_html_is_told_by_how_it_begins(raw, name, html):
    assert is_html(raw, name) is html
