"""Templates beside those of a pack in use: known ones keep their names and grow in days, others are new."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cleaners.learning.known_templates import find_templates, first_and_last, known_templates
from cleaners.rules.model import Pack, Rule
from cleaners.rules.page_template import Evidence, PageTemplate
from tests.cleaners.learning.sites import marked, title

OLD, NEW, OTHER = ("Old desk", "Old notices"), ("New desk", "New notices"), ("Live desk", "Live notices")
EVERY = "The Quay Post"
KNOWN = PageTemplate(id="quay.news", signs=OLD, signs_needed=2, seen=("2026-01-05", "2026-02-01"))


def pages_of(*clusters):
    """Return pages with some lines each, captured on successive days of May, and the indices of each cluster."""
    of_pages = [lines for lines, number in clusters for _ in range(number)]
    texts = [[*lines, EVERY, title(i)] for i, lines in enumerate(of_pages)]
    captured = {i: datetime(2026, 5, i + 1, tzinfo=UTC) for i in range(len(texts))}
    at, indices = 0, []
    for _, number in clusters:
        indices.append(list(range(at, at + number)))
        at += number
    return marked(["\n".join(lines) for lines in texts], captured), indices


def pack(templates=(), signs=OLD, **more):
    evidence = Evidence(pages=3, of=4, first="2026-01-02", last="2026-02-01")
    rule = Rule(
        id="quay.line-1", kind="navigation", line=("Old desk",), remove=("Old desk",), keep=("So it was.",), evidence=evidence
    )
    return Pack(name="quay", title="Quay", format=2, signs=signs, rule=(rule,), template=tuple(templates), **more)


def found(old, *clusters):
    pages, indices = pages_of(*clusters)
    return find_templates(pages, indices, frozenset(), "quay", old)


def seen(templates):
    return [(one.id, one.seen) if one is not None else None for one in templates]


def test_a_pack_without_templates_has_that_of_its_signs():
    (one,) = known_templates(pack())
    assert one == PageTemplate(id="quay.template-1", signs=OLD, signs_needed=2, seen=("2026-01-02", "2026-02-01"))
    assert known_templates(pack([KNOWN])) == (KNOWN,)


@pytest.mark.parametrize(
    "signs", [(), ("Old desk",), ("Old desk", "OLD desk"), ("Old desk", "\u200b"), ("Old desk", "x" * 500)]
)
def test_without_signs_enough_it_has_none(signs):
    assert known_templates(pack(signs=signs, hosts=("quaypost.example",))) == ()


def test_a_site_of_one_template_names_none():
    assert found(None, (OLD, 5)).of_clusters == [None]
    again = found(pack(), (OLD, 5))
    assert (again.of_clusters, again.news(pack())) == ([None], ())


def test_two_templates_of_a_new_site_are_named():
    assert seen(found(None, (OLD, 5), (NEW, 4)).of_clusters) == [
        ("quay.template-1", ("2026-05-01", "2026-05-05")),
        ("quay.template-2", ("2026-05-06", "2026-05-09")),
    ]


def test_pages_without_the_signs_of_a_pack_are_of_a_new_template_and_the_old_one_gets_a_name():
    alone = found(pack(), (NEW, 5))
    assert seen(alone.of_clusters) == [("quay.template-2", ("2026-05-01", "2026-05-05"))]
    assert seen(alone.beside) == [("quay.template-1", ("2026-01-02", "2026-02-01"))]
    assert {*alone.of_clusters[0].signs} >= {*NEW}
    both = found(pack(), (NEW, 5), (OLD, 4))
    assert seen(both.of_clusters) == [
        ("quay.template-2", ("2026-05-01", "2026-05-05")),
        ("quay.template-1", ("2026-01-02", "2026-05-09")),
    ]
    assert both.beside == ()
    assert both.of_clusters[1].signs == OLD


def test_a_known_template_keeps_its_name_and_is_seen_on_more_days():
    old = pack([KNOWN])
    again = found(old, (OLD, 5), (OTHER, 4))
    assert seen(again.of_clusters) == [
        ("quay.news", ("2026-01-05", "2026-05-05")),
        ("quay.template-1", ("2026-05-06", "2026-05-09")),
    ]
    assert seen(again.news(old)) == seen(again.of_clusters)
    gone = found(old, (OTHER, 4))
    assert seen(gone.news(old)) == [("quay.template-1", ("2026-05-01", "2026-05-04"))]


def test_a_template_without_news_is_told_where_it_is_named():
    old = pack([PageTemplate(id="quay.news", signs=OLD, signs_needed=2, seen=("2026-01-05", "2026-06-30"))])
    again = found(old, (OLD, 5))
    assert again.news(old) == ()
    assert seen(again.news(old, ["quay.news"])) == [("quay.news", ("2026-01-05", "2026-06-30"))]


def test_half_of_the_pages_of_a_cluster_are_not_enough():
    assert found(pack([KNOWN]), ((*NEW, *OLD), 2)).of_clusters[0].id == "quay.news"
    pages, _ = pages_of((OLD, 2), (NEW, 2))
    (one,) = find_templates(pages, [[0, 1, 2, 3]], frozenset(), "quay", pack([KNOWN])).of_clusters
    assert one is None or one.id != "quay.news"


def test_where_nothing_tells_the_new_pages_all_stay_of_one():
    alone = found(pack(), ((), 5))
    assert (alone.of_clusters, alone.beside) == ([None], ())


def test_first_and_last():
    assert first_and_last(["2026-02-01", "", "2026-01-31"]) == ("2026-01-31", "2026-02-01")
    assert first_and_last(["", ""]) == ()
