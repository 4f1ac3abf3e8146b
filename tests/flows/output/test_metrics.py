from __future__ import annotations

from collections import Counter

from msgspec import structs

from cleaners import clean_page
from flows.options import RunOptions
from flows.output.manifest import Manifest, read_manifest, write_manifest
from flows.output.metrics import Counts
from tests.support.pages import AI_BOX

UNEXPLAINED = f"T\nB\n{AI_BOX}\nSomething else\nIt has a text.\nYahoo\n2 hours ago\n- Yahoo\nT1\nB1"


def counts_of(*texts: str) -> Counts:
    counts = Counts()
    for text in texts:
        counts.add_page(clean_page(text))
    return counts


def test_counters_add_up():
    one, other = "A title\nA body.\nAdvertisement", "Latest news with #x\n\nCNN\n2 hours ago\n- CNN\nT\nB"
    assert counts_of(one) + counts_of(other) == counts_of(one, other)
    assert Counts() + counts_of(one) == counts_of(one)


def test_each_visible_character_is_counted_once():
    counts = counts_of("A title\nA body.\nAdvertisement")
    assert (counts.chars_kept, counts.chars_removed) == (14, Counter({"ad-marker": 13}))
    assert counts.chars_kept_as == Counter({"article title": 7, "article text": 7})
    assert counts.rules == Counter({"en.ad-line": 1})
    assert (counts.rule_chars, counts.rule_kinds) == (Counter({"en.ad-line": 13}), {"en.ad-line": "ad-marker"})
    assert (counts.embedded, counts.flags) == (Counter({"0": 1}), Counter())
    assert counts.records == Counter({"article": 1})
    assert counts.sites == Counter({"unknown": 1})


def test_records_are_counted_by_the_tenth_of_their_confidence():
    cleaned = clean_page("A title\nA body.")
    counts = Counts()
    for confidence in (0.01, 0.29, 0.3, 0.6, 0.7, 0.89, 0.9, 0.99):
        records = [structs.replace(cleaned.records[0], confidence=confidence)]
        counts.add_page(structs.replace(cleaned, records=records, segments=[]))
    assert counts.confidence == Counter({"0.0": 1, "0.2": 1, "0.3": 1, "0.6": 1, "0.7": 1, "0.8": 1, "0.9": 2})


def test_a_manifest_holds_all_counters(tmp_path):
    counts = counts_of("A title\nA body.\nAdvertisement", UNEXPLAINED)
    (tmp_path / "runs").mkdir()
    name = write_manifest(tmp_path, Manifest(began="2025-07-05T12:00:00.000000Z", counts=counts), RunOptions())
    read = read_manifest(tmp_path / name).counts
    assert read == counts
    assert read.records["headline"] == 0
    assert (read.unknown, read.bad, read.flags["layout-unknown"]) == (1, 0, 1)
    assert read.visible == read.removed + read.chars_kept


def test_every_counter_is_in_the_plain_values():
    values = counts_of("A title\nA body.").as_dict()
    assert list(values) == list(Counts.__struct_fields__)
    assert values["records"] == {"article": 1}
