from __future__ import annotations

from collections import Counter
from dataclasses import fields

from cleaners import clean_page
from flows.counts import Counts


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
    assert counts.rules == Counter({"en.ad-line": 1})
    assert counts.records == Counter({"article": 1})
    assert counts.sites == Counter({"unknown": 1})


def test_every_counter_is_in_the_plain_values():
    values = counts_of("A title\nA body.").as_dict()
    assert list(values) == [item.name for item in fields(Counts)]
    assert values["records"] == {"article": 1}
