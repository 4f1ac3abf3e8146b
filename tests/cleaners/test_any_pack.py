"""Any pack of the keys of format 2 is refused in a sentence, or leaves the ledgers of pages complete."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cleaners import Cleaned, Library, Page, clean_page, shipped_packs
from cleaners.errors import PackError
from tests.support.packs import HEAD, STORY, URL

SHIPPED = [(name, toml) for name, toml in shipped_packs() if name in ("generic.toml", "en.toml")]
LABELS = [
    "Share",
    "News desk",
    "Weather in Oslo",
    "5/7/2025 8h30",
    "By Ada Quay",
    "Ada Quay for Quay Post / Harbour",
    "Tags",
    "7",
]
LINES = st.sampled_from([*LABELS, *STORY.split("\n"), "5 July 2025", "Three minutes", ""])
TEXTS = st.lists(LINES, max_size=25).map("\n".join)
FIELDS = ["{words}", "{n}", "{title}", "{other}", "{time}", "{source}", "{body}", "{?/{category}}"]
TIME_FIELDS = ["{day}", "{month}", "{year}", "{hour}h{minute}", "{second}", "{month-name}"]
PIECES = st.sampled_from([*LABELS, *FIELDS, *TIME_FIELDS, "{?", "}", "{", "|", " ", "/", "[", "]", "é", "\u200b"])
TEMPLATES = st.one_of(
    st.sampled_from([*LABELS, "Weather in {words}", "{?Front }page {n}", ""]), st.lists(PIECES, max_size=4).map("".join)
)
LAYOUT_LINES = st.one_of(
    st.sampled_from(
        ["{title}", "{other}", "{time}", "By {author}", "{author} for {source}{? / {category}}", "[{other}]", "Tags"]
    ),
    TEMPLATES,
)
FORMS = st.lists(st.sampled_from([*TIME_FIELDS, "/", " "]), max_size=6).map("".join)
TIME = {"id": "quay.time", "read": [["5/7/2025", "2025-07-05"]], "keep": ["5/7"]}
SOURCE = {"id": "quay.source", "read": [["Quay Post", "Quay Post"]], "keep": ["Harbour"]}
NAMES = st.lists(st.sampled_from(["Quay Post", "Ada Quay", "Share", "7", " "]), min_size=1, max_size=3)
DAYS = st.sampled_from(["", "2025-01-02", "2025-01-02", "2025-03-04"])
EVIDENCE = st.fixed_dictionaries({"pages": st.integers(1, 3), "of": st.integers(2, 9)}, optional={"first": DAYS, "last": DAYS})
LEARNT = {
    "evidence": EVIDENCE,
    "sureness": st.floats(0, 1.01),
    "template": st.lists(st.sampled_from(["quay.news", "quay.blog"]), max_size=2),
}
MATCHES = st.one_of(
    st.fixed_dictionaries({"line": st.lists(TEMPLATES, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"lines": st.lists(LAYOUT_LINES, min_size=1, max_size=3)}),
    st.fixed_dictionaries(
        {"between": st.lists(st.tuples(TEMPLATES, TEMPLATES).map(list), min_size=1, max_size=2)},
        optional={"most": st.integers(1, 10), "with_last": st.booleans(), "prose": st.booleans()},
    ),
)
WHERES = st.sampled_from(["any", "outside", "before", "inside", "after"])
RULES = st.builds(
    lambda match, more: {"id": "quay.rule", "kind": "share-bar", "remove": ["Share"], "keep": ["So."]} | match | more,
    MATCHES, st.fixed_dictionaries({}, optional={"where": WHERES, "ends_article": st.booleans(), **LEARNT}),
)  # fmt: skip
LAYOUTS = st.fixed_dictionaries(
    {"id": st.just("quay.layout"), "role": st.sampled_from(["article", "header", "opening", "story"]),
     "lines": st.lists(LAYOUT_LINES, min_size=1, max_size=4)},
    optional={"repeats": st.integers(0, 2), **LEARNT},
)  # fmt: skip
PACKS = st.fixed_dictionaries(
    {"rule": st.lists(RULES, max_size=1), "layout": st.lists(LAYOUTS, max_size=1)},
    optional={
        "times": st.lists(st.one_of(st.just("{day}/{month}/{year}{? {hour}h{minute}}"), FORMS), max_size=2),
        "time": st.lists(st.builds(lambda form: TIME | {"form": [form]}, FORMS), max_size=1),
        "source": st.lists(st.builds(lambda names: SOURCE | {"names": names}, NAMES), max_size=1),
        "template": st.just([{"id": "quay.news", "signs": ["News desk", "Tags"], "signs_needed": 2},
                             {"id": "quay.blog", "signs": ["Share"]}]),
        "claims": st.lists(st.sampled_from(["quay.rule", "quay.layout"]), max_size=2),
    },
)  # fmt: skip


def as_toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {as_toml(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def is_complete(text: str, cleaned: Cleaned) -> bool:
    """Return whether every visible character of a page is in one segment."""
    fates = [0] * len(text)
    for segment in cleaned.segments:
        for i in range(segment.start, segment.end):
            fates[i] += 1
    return all(fate == 1 or (fate == 0 and text[i].isspace()) for i, fate in enumerate(fates))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PACKS, TEXTS, st.sampled_from(["", URL]))
def test_a_pack_is_refused_or_cleans_any_page(pack, text, url):
    toml = HEAD + "\n".join(f"{name} = {as_toml(value)}" for name, value in pack.items())
    try:
        library = Library([*SHIPPED, ("quay.toml", toml.encode())])
        problems = [*library.check()]
    except PackError as error:
        problems = [str(error)]
    event(f"refused: {bool(problems)}")
    if problems:
        return
    cleaned = clean_page(Page(text, url=url), library, why=True)
    assert is_complete(text, cleaned)
