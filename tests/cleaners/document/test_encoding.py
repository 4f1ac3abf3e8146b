from __future__ import annotations

import pytest

from cleaners import BadPage
from cleaners.html.reader import html_page


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8", "iso-8859-1"), ("windows-1251", "windows-1251"), ("utf-16", ""), ("windows-1251", "nonsense")],
)
def test_a_page_is_decoded_as_it_says_or_as_it_looks(encoding, declared):
    text = "Старый кран уберут из порта, сообщила в понедельник администрация города, и отвезут в музей. " * 3
    raw = f"<html><head><meta charset='{declared}'></head><body><p>{text}</p></body></html>".encode(encoding)
    assert html_page(raw).text == text.strip()


TEXT = "Совет порта решил в понедельник убрать старый кран. " * 20


@pytest.mark.parametrize("broken", [b"\xff", b"\xe9", "я".encode()[:1], b"\xed\xa0\x80"])
def test_a_page_cut_off_or_pieced_together_is_still_utf_8(broken):
    raw = f"<html><meta charset=utf-8><body><p>{TEXT}</p>".encode() + broken
    assert html_page(raw).text.startswith(TEXT.strip())


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("iso-8859-1", "cp1252", "It’s the “old” crane – at last."), ("us-ascii", "cp1252", "It’s the “old” crane – at last."),
        ("gb2312", "gb18030", "江口大桥镕堃正式开通"), ("shift_jis", "cp932", "①髙島屋の古いクレーン"),
        ("utf-16", "cp1252", "café"),
        ("idna", "cp1252", "café"), ("punycode", "cp1252", "café"), ("undefined", "cp1252", "café"),
    ],
)  # fmt: skip
def test_declared_encodings_are_read_as_browsers_do(declared, encoding, text):
    raw = f"<html><meta charset={declared}><body><p>{text}</p>".encode(encoding)
    assert html_page(raw).text == text


def test_what_is_no_text_is_none_whatever_its_name():
    with pytest.raises(BadPage, match="binary"):
        html_page(b"<p>" + bytes(range(1, 256)) * 40)
