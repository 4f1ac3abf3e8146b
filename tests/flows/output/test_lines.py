"""The lines of audit/ and quarantine/: the text that offsets refer to, reasons, and details without secrets."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from cleaners import BadPage, Page, clean_page, read_html
from cleaners.document.mojibake import MOJIBAKE_FLAG
from flows.inputs.raw_page import RawPage, UnreadablePage
from flows.output.lines import audit_line, quarantine_line, reason_of

RULES = "0123456789abcdef"
TEXT = "Ferry returns\nThe ferry is back."


@pytest.mark.parametrize(
    ("page", "has_text"),
    [
        (Page(TEXT, "a.txt"), False),
        (Page(TEXT, "a.txt", flags=(MOJIBAKE_FLAG,)), True),
        (read_html(b"<html><body><h1>Ferry returns</h1><p>The ferry is back.</p></body></html>", path="a.html"), True),
    ],
)
def test_a_ledger_holds_the_text_only_where_it_is_not_the_stored_one(page, has_text):
    line = audit_line(page, clean_page(page))
    assert line.text == (page.text if has_text else msgspec.UNSET)


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (BadPage("row", "the row is no JSON"), "row", "the row is no JSON"),
        (OSError(2, "No such file or directory"), "unreadable", "No such file or directory"),
        (OSError("https://me:secret@a.example/b is gone"), "unreadable", "https://a.example/b is gone"),
        (KeyError("x"), "defect", "dehusk failed on this page, please report it: KeyError: 'x'"),
        (BadPage("row", "\udcff"), "row", "\\udcff"),
    ],
)
def test_an_error_becomes_a_reason_for_counting_and_a_sentence(error, reason, detail):
    line = quarantine_line(RawPage("a.txt", b"raw"), error, RULES)
    assert (reason_of(error), line.reason, line.detail) == (reason, reason, detail)
    assert (line.path, line.bytes, line.sha256, line.rules) == ("a.txt", 3, hashlib.sha256(b"raw").hexdigest(), RULES)


def test_an_unreadable_page_brings_its_own_size_and_digest():
    problem = BadPage("too-large", "too large")
    line = quarantine_line(UnreadablePage("a.txt#7", problem, 10**9), problem, RULES)
    assert (line.path, line.bytes, line.sha256) == ("a.txt#7", 10**9, "")
