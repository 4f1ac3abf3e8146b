"""Packs of format 2 for tests: a site with the rules and layouts that a test gives."""

from __future__ import annotations

from cleaners import Cleaned, Library, Page, clean_page, shipped_packs

HEAD = """format = 2
name = "quay"
title = "The Quay Post"
hosts = ["quaypost.example"]
"""
URL = "https://quaypost.example/a"
STORY = """Night ferry returns in June
The night ferry to the islands will sail again from the first of June, the company said on Tuesday.
It had stopped in the autumn, when the harbour board closed the old pier for repairs that took all winter.
Tickets go on sale on Monday, and islanders pay half of the price, a spokeswoman told reporters at the quay."""


def pack(body: str, head: str = HEAD) -> bytes:
    return (head + body).encode()


def rule(match: str, more: str = "", name: str = "box", remove: str = '"Share"', keep: str = '"The share fell."') -> str:
    return f"""
[[rule]]
id = "quay.{name}"
kind = "share-bar"
{match}
remove = [{remove}]
keep = [{keep}]
{more}
"""


def library(body: str, head: str = HEAD) -> Library:
    return Library([*shipped_packs(), ("quay.toml", pack(body, head))])


def cleaned(text: str, body: str, head: str = HEAD) -> Cleaned:
    return clean_page(Page(text, url=URL), library(body, head))


def removed(text: str, found: Cleaned, name: str = "box") -> list[str]:
    """Return the texts that a rule of the pack removed from a page."""
    return [text[it.start : it.end] for it in found.segments if it.rule == f"quay.{name}"]
