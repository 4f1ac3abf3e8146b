from __future__ import annotations

import pytest

from cleaners import BadPage
from cleaners.document.binary import format_of
from cleaners.document.encoding import decode_text
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


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Der Bürgermeister sagte am Montag, die Brücke werde gesperrt – „so früh wie möglich“. ", "cp1252"),
        ("Городской совет проголосовал за закрытие старого моста. ", "cp1251"),
        ("Городской совет проголосовал за закрытие старого моста. ", "koi8-r"),
        ("Rada miasta zagłosowała za zamknięciem mostu, powiedział burmistrz Łodzi. ", "cp1250"),
        ("町の議会は火曜日、古い橋をトラックに閉鎖することを決めた。", "cp932"),
    ],
)
def test_a_text_without_markup_is_decoded_by_its_looks(text, encoding):
    assert decode_text((text * 3).encode(encoding)) == (text * 3, True)
    assert decode_text((text * 3).encode()) == (text * 3, False)


def test_a_text_in_utf_8_with_a_broken_character_is_no_other_encoding():
    text = "Die Brücke über die Lurne wird für Lastwagen gesperrt, sagte die Bürgermeisterin. " * 5
    assert decode_text(text.encode() + b"\xc3")[0] == f"{text}\ufffd"


@pytest.mark.parametrize("raw", [b"\xff", b"12\xe9 3", bytes(range(128, 160)) * 20])
def test_bytes_that_show_no_words_are_not_guessed_at(raw):
    with pytest.raises(BadPage, match="undecodable"):
        decode_text(raw)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04....mimetypeapplication/epub+zip", "an EPUB book"),
        (b"PK\x03\x04....[Content_Types].xml....word/document.xml", "a Word document"),
        (b"PK\x03\x04....pages/1.html", "a zip archive"),
        (b"RIFF\x10\x20\0\0WEBPVP8 ", "a WebP image"),
        (b"ID3\x03\0", "a sound"),
        (b"ID3 tags name a song", ""),
        (b"OTTO DIX in the town hall", ""),
        (b"BM is no image", ""),
        (b"A title", ""),
    ],
)
def test_files_that_are_no_text_are_named(raw, name):
    assert format_of(raw) == name
