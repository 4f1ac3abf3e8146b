"""A site that changed, learnt beside its pack: pages of both layouts are known by its signs or its templates."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from cleaners import Library, Page, clean_page
from cleaners.learning.choice import learn_site
from cleaners.learning.pack_text import pack_toml
from cleaners.rules.page_template import PageTemplate
from tests.cleaners.learning.sites import PACKS
from tests.support.drifting_site import HOST
from tests.support.learnt_site import FOOTER, MENU, page_of

OLD_LINES = {*MENU, *FOOTER}
OLD = [page_of(number) for number in range(24)]


def new_page_of(number: int) -> str:
    """Return a page of the site under another name."""
    return "\n".join(f"{line} at the Harbour Mail" if line in OLD_LINES else line for line in page_of(number).splitlines())


NEW = [new_page_of(number) for number in range(500, 510)]
FIXED = OLD_LINES | {f"{line} at the Harbour Mail" for line in OLD_LINES}
URL = f"https://{HOST}/1"


def learn(texts, old=None):
    return learn_site("quay", [Page(text, url=URL) for text in texts], PACKS, hosts=[HOST], old=old).pack


def library(pack):
    return Library([*PACKS, ("quay.toml", pack_toml(pack).encode())])


@pytest.fixture(scope="module")
def old():
    return learn(OLD)


def test_signs_that_rules_of_the_pack_remove_are_signs_still(old):
    signs = learn([*OLD, *NEW], old).signs
    assert {*old.signs} < {*signs} <= FIXED


def test_a_page_with_a_template_of_the_site_does_not_lack_signs(old):
    template = PageTemplate(id="quay.new", signs=tuple(NEW[0].splitlines()[:2]))
    packs = (old, replace(old, format=2, template=(template,)))
    marks = [clean_page(Page(NEW[0], url=URL), library(pack)).marks for pack in packs]
    assert [(one.lacks_signs, one.templates) for one in marks] == [(True, ()), (False, ("quay.new",))]
