"""Packs that are learnt from whole sites: what helps stays, what does not is dropped, and nothing depends on the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from cleaners import Library, Page, clean_page
from cleaners.examples import check_pack
from cleaners.learning.choice import MIN_PAGES, LearntSite, learn_site
from cleaners.learning.field_gain import FieldGain
from cleaners.learning.pack_text import pack_toml
from cleaners.learning.proposal import GROUPS, group_of
from cleaners.rules.load import read_pack
from tests.cleaners.learning.sites import FOOTER, MENU, PACKS, WHERE, paragraphs, plain_page, plain_site, settings, title

REFUSED = "404 Not Found\nThe page you are looking for does not exist.\nHome"
NOTICE = "Ring {the} <<bell>>"


def learn(pages, **changed) -> LearntSite:
    """Return what pages teach; a pack must be read again as it was, with examples that hold."""
    learnt = learn_site("quay", pages, PACKS, settings=settings(**changed))
    if learnt.pack is not None:
        assert read_pack(pack_toml(learnt.pack).encode(), "quay.toml") == learnt.pack
        assert list(check_pack(learnt.pack)) == []
    return learnt


def written(learnt: LearntSite) -> str:
    return pack_toml(learnt.pack) if learnt.pack else ""


def with_pack(learnt: LearntSite, text: str):
    return clean_page(Page(text), Library([*PACKS, ("quay.toml", written(learnt).encode())]))


@pytest.fixture(scope="module")
def learnt():
    return learn(plain_site(12))


def test_what_stands_on_all_pages_is_removed_from_another_one(learnt):
    text = plain_page(50)
    (before,), (after,) = clean_page(text, Library(PACKS)).records, with_pack(learnt, text).records
    assert any(line in before.text for line in (*MENU, *FOOTER))
    assert (after.title, after.text.split("\n"), after.page.site) == (title(50), paragraphs(50), "quay")


def test_a_group_that_does_not_help_is_dropped(learnt):
    accepted = {trial.group: trial.is_accepted for trial in learnt.trials}
    assert accepted == {group: group == "lines" for group in GROUPS}
    assert learnt.pack.layout == ()
    assert {rule.id.split("-")[0] for rule in learnt.pack.rule} == {"quay.line"}
    assert learnt.after.better_by(learnt.before) > 0


def test_the_rules_of_groups_that_do_not_help_are_told_apart(learnt):
    parts = {True: learnt.pack, False: learnt.left_out}
    for trial in learnt.trials:
        other = parts[not trial.is_accepted]
        assert trial.group not in {group_of(part.id) for part in (*other.rule, *other.layout)}
    assert learnt.left_out.rule or learnt.left_out.layout


def test_a_page_of_another_site_is_left_alone(learnt):
    text = "\n".join([title(3), *paragraphs(3), MENU[0]])
    assert with_pack(learnt, text).page.site == ""


def test_few_pages_teach_nothing():
    pages = plain_site(MIN_PAGES - 1)
    learnt = learn([*pages, *pages])
    assert (learnt.pack, learnt.trials, learnt.pages, learnt.given) == (None, [], MIN_PAGES - 1, 2 * MIN_PAGES - 2)


def test_no_pages_teach_nothing():
    learnt = learn([])
    assert (learnt.pack, learnt.pages, learnt.given) == (None, 0, 0)


def test_pages_without_anything_in_common_teach_nothing():
    learnt = learn([Page("\n".join([title(n), *paragraphs(n)])) for n in range(12)])
    assert learnt.pack is None
    assert learnt.after == learnt.before


@pytest.mark.slow
def test_pages_that_are_refused_are_borne():
    learnt = learn([*plain_site(12), *(Page(f"{REFUSED}\n{where}") for where in WHERE[:3])])
    assert learnt.pages == 15
    assert learnt.pack is not None
    assert learn([Page(f"{REFUSED}\n{where}") for where in WHERE]).pack is None


@pytest.mark.slow
def test_a_group_that_loses_prose_is_dropped():
    """A sentence that stands on half of the pages is text there; the rule for it may take no prose of one page alone."""
    learnt = learn(plain_site(12), kept_loss=0.0)
    assert all(trial.with_it.kept >= trial.without.kept for trial in learnt.trials if trial.is_accepted)


def hostile_site():
    """Return pages with what rules, templates, TOML and terminals have a use for, and with very long and very many lines."""
    odd = [
        NOTICE,
        "{? of {title} }",
        "[Harbour notices]",
        ']]>\' """ \\u0041',
        "Red \x1b[31mlight\x07 on",
        "Back \u202eward\u202c",
    ]
    pages = [Page("\n".join([*odd[:4], plain_page(n), *odd, f"{{More}} of {WHERE[n]} <<here"])) for n in range(12)]
    long = f"{plain_page(12)}\n{' '.join(paragraphs(12) * 50)}\n{'x' * 100_000}"
    many = "\n".join([plain_page(13), *(f"Tide {n} of {WHERE[n % 12]} by {n % 7}" for n in range(5_000))])
    return [*pages, Page(long), Page(many), Page("\x00\n" * 50), Page(""), Page("\n".join(odd) * 20)]


@pytest.mark.slow
def test_hostile_pages_make_a_pack_that_loads():
    learnt = learn(hostile_site())
    assert learnt.pack is not None
    assert NOTICE not in "\n".join(
        record.text for record in with_pack(learnt, f"{plain_page(60)}\n{NOTICE}\nMore of it").records
    )


@pytest.mark.slow
def test_the_order_of_pages_does_not_matter(learnt):
    pages = plain_site(12)
    again = [replace(page, captured_at=datetime(2027, 1, 1, tzinfo=UTC), path="again") for page in pages[:4]]
    packs = set()
    for seed in range(3):
        shuffled = [*pages, *again]
        Random(seed).shuffle(shuffled)
        packs.add(written(learn(shuffled)))
    assert len(packs) == 1


def test_signs_are_no_times_and_no_names_of_publishers():
    items = ["Ferry Times", "timea day ago", "10 hours ago"]
    pages = [Page(page.text + "\n".join(items[: 1 + i % 3]) + "\n") for i, page in enumerate(plain_site(12))]
    found = learn(pages)
    assert found.pack is not None
    assert not {"timea day ago", "10 hours ago"} & {*found.pack.signs}


PRINTED = "Publ: %d|%m|%Y kl %H.%M"


def dated_page(number: int, printed: str = PRINTED) -> tuple[datetime, Page]:
    """Return a page whose time no reader knows, and that time."""
    when = datetime(2025, 1, 3, 7, 5, tzinfo=UTC) + timedelta(days=19 * number, minutes=131 * number)
    lines = [*MENU, title(number), when.strftime(printed), *paragraphs(number), *FOOTER]
    return when, Page("\n".join(lines), path=f"{number}.txt")


@pytest.fixture(scope="module")
def dated():
    return learn([dated_page(n)[1] for n in range(12)])


def test_a_form_of_time_that_no_reader_knows_is_learnt(dated):
    (time,) = dated.pack.time
    assert (time.id, time.form) == ("quay.time-1", ("{day}|{month}|{year} kl {hour}.{minute}",))
    assert (time.evidence.pages, time.evidence.of) == (12, 12)
    assert dated.trials[-2].gain == FieldGain(12, 0)
    when, page = dated_page(50)
    (before,), (after,) = clean_page(page, Library(PACKS)).records, with_pack(dated, page.text).records
    assert (before.published, after.published[:10]) == ("", when.date().isoformat())
    assert (after.published_raw, after.title) == (when.strftime("%d|%m|%Y kl %H.%M"), title(50))
    assert after.text.split("\n") == paragraphs(50)


def test_lines_with_a_time_are_clutter_of_no_rule(dated):
    assert not [line for rule in dated.pack.rule for line in rule.line if "kl" in line]


def test_a_form_of_time_that_gives_no_story_a_time_is_not_learnt():
    learnt = learn([dated_page(n, "%d %B %Y")[1] for n in range(12)])
    assert learnt.pack.time == ()
    assert (learnt.trials[-2].group, learnt.trials[-2].is_accepted) == ("times", False)


@pytest.mark.slow
def test_a_form_that_the_pack_of_the_site_has_is_not_learnt_again(dated):
    learnt = learn_site("quay", [dated_page(n)[1] for n in range(12)], PACKS, old=dated.pack)
    assert learnt.pack is None or learnt.pack.time == ()


PUBLISHERS = ("Quay Herald", "Northmere Gazette", "Radio Sallow", "Pellham Mail")
TOPICS = ("Harbour", "Money", "Town")


def portal_page(number: int) -> Page:
    """Return a page of a portal: a story, and others with their publishers, each before a category."""
    own = [title(number), f"{PUBLISHERS[number % 4]} • {number + 2} hours ago", *paragraphs(number)]
    items: list[str] = []
    for i in range(3):
        other = 20 + 5 * number + i
        head = [f"{PUBLISHERS[(number + i) % 4]} / {TOPICS[i]}", title(other), f"{i + 2} hours ago"]
        items += ["", *head, "", *paragraphs(other, 2), "Open original"]
    return Page("\n".join([*own, "More like this", *items, "", *FOOTER]), path=f"{number}.txt")


@pytest.mark.slow
def test_publishers_that_stand_before_categories_are_learnt():
    learnt = learn([portal_page(n) for n in range(12)])
    (source,) = learnt.pack.source
    assert (source.id, {*source.names}, source.evidence.of) == ("quay.source-1", {*PUBLISHERS}, 12)
    assert (learnt.trials[-1].group, learnt.trials[-1].gain.lost) == ("sources", 0)
    found = [(record.source, record.category) for record in with_pack(learnt, portal_page(13).text).records]
    assert found == [("Northmere Gazette", ""), *((PUBLISHERS[(13 + i) % 4], TOPICS[i]) for i in range(3))]
