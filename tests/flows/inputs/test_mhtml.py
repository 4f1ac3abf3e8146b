"""Pages saved by browsers are read with their address and time, whatever the encodings of their parts."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from flows.inputs.mhtml import is_mhtml, read_mhtml
from flows.inputs.raw_page import RawPage, UnreadablePage, page_of

STORY = "The night ferry is back after eleven weeks, said Zoë Ångström – “at last”."
PAGE = f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>{STORY}</p></article></body></html>"
URL = "https://quaypost.example/1"


def saved(charset="utf-8", transfer="quoted-printable", location=URL, header="Content-Location", frames=(), text=PAGE):
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = location if header.startswith("Snap") else ""
    message["Date"] = "Tue, 6 Feb 2024 19:00:00 -0000"
    message["MIME-Version"] = "1.0"
    message.set_content("")
    message.make_related()
    message.set_payload([])
    for content in (*frames, text):
        part = EmailMessage()
        part.set_content(content, subtype="html", charset=charset, cte=transfer)
        if content is text:
            part["Content-ID"] = "<root>"
            if not header.startswith("Snap"):
                part[header] = location
        message.attach(part)
    message.set_param("start", "<root>")
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("header", ["Content-Location", "Snapshot-Content-Location"])
def test_a_saved_page_has_its_text_address_and_time(charset, transfer, header):
    raw = saved(charset, transfer, header=header)
    assert is_mhtml(raw)
    page = read_mhtml(raw, "a.mhtml")
    assert isinstance(page, RawPage)
    assert (page.name, page.url, str(page.captured_at)) == ("a.mhtml", URL, "2024-02-06 19:00:00+00:00")
    assert page_of(page).text == f"Ferry\n{STORY}"


def test_the_page_is_the_start_and_no_frame_before_it():
    raw = saved(frames=("<html><body><p>An advertisement in a frame.</p></body></html>",))
    assert page_of(read_mhtml(raw, "a.mht")).text == f"Ferry\n{STORY}"


@pytest.mark.parametrize("location", ["file:///C:/pages/1.html", "cid:frame-1@mhtml.blink"])
def test_only_an_address_of_the_web_is_the_address_of_a_page(location):
    assert read_mhtml(saved(location=location), "a").url == ""


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_page_that_was_cut_off_keeps_what_is_there(end):
    raw = saved().replace(b"\n", end)
    cut = raw[: raw.index(b"</article>")]
    assert page_of(read_mhtml(cut, "a")).text.endswith(STORY)


def test_a_file_without_html_is_unreadable():
    raw = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: image/png\n\nx\n--b--\n"
    assert is_mhtml(raw)
    page = read_mhtml(raw, "a")
    assert isinstance(page, UnreadablePage)
    assert "no page of HTML" in str(page.problem)


@pytest.mark.parametrize(
    "content",
    [
        b"".join(b"--b%d\nContent-Type: multipart/related; boundary=b%d\n\n" % (i, i + 1) for i in range(5_000)),
        b"--b0\nContent-Type: text/html;" + b' a="b";' * 1_000_000,
    ],
)
def test_a_message_made_to_take_long_does_no_harm(content):
    page = read_mhtml(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b0\n\n" + content, "a")
    assert isinstance(page, UnreadablePage)


@pytest.mark.parametrize(
    "text",
    [
        "Note: the ferry is back\nContent-Type: what we call text/html\n",
        "MIME-Version: 1.0 was written in 1992.\nSo it goes.\nContent-Type: text/html\n",
        "From: Ina Varr\nTo: the editor\n\nSir, the ferry is back.",
        "",
    ],
)
def test_a_text_that_looks_like_a_letter_is_a_page(text):
    assert not is_mhtml(text.encode())
