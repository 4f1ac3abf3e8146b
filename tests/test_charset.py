from __future__ import annotations

import pytest

from cleaners.html_page import html_page


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8", "iso-8859-1"), ("windows-1251", "windows-1251"), ("utf-16", ""), ("windows-1251", "nonsense")],
)
def test_a_page_is_decoded_as_it_says_or_as_it_looks(encoding, declared):
    text = "Старый кран уберут из порта, сообщила в понедельник администрация города, и отвезут в музей. " * 3
    raw = f"<html><head><meta charset='{declared}'></head><body><p>{text}</p></body></html>".encode(encoding)
    assert html_page(raw).text == text.strip()
