"""The dataset card of an export: a README.md for people and for Hugging Face.

Called by `flows.export.dataset`.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import cleaners
from cleaners import Record
from flows.export.duplicates import Unique
from flows.export.partitions import PartitionKey
from flows.export.writers import Format
from flows.layout import CONTRACT
from flows.output.schema import columns

SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")  # upper ends of Hugging Face's size categories
NUMBERS = ("records", "characters", "duplicates", "repeats_left_out", "in_no_story", "stories_missing")
TABLES = ("kind", "language", "site", "flags", "rules")
TYPES = {"array": "list of strings"}
DTYPES = {"integer": "int64", "number": "float64"}
CSV_CELLS = (
    "Lists are JSON arrays. A cell that a spreadsheet would take for a formula, as it begins with one of `=+-@`, their",
    "full-width forms, a tab or a line end, has `'` before it; the other formats hold every text as it is.",
    "`load_dataset` of Hugging Face, given this folder, takes the types below from this card; given a file, it guesses them.",
    "Read it with pandas as `read_csv(file, dtype=str, keep_default_na=False)`, or empty cells become missing values, and",
    "columns of figures numbers.",
    "",
)


@dataclass(slots=True)
class Tally:
    """Counts of an export: records, characters of their texts, duplicates among them, and records by some of their keys.

    The others are those of `flows.export.duplicates.Duplicates`, of all records of the output folder.
    """

    records: int = 0
    characters: int = 0
    duplicates: int = 0
    repeats_left_out: int = 0
    in_no_story: int = 0
    stories_missing: int = 0
    kind: Counter[str] = field(default_factory=Counter)
    language: Counter[str] = field(default_factory=Counter)
    site: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        """Count a record."""
        self.records += 1
        self.characters += len(record.text)
        self.duplicates += bool(record.duplicate_of)
        self.kind[record.kind] += 1
        self.language[record.language] += 1
        self.site[record.page.site] += 1
        self.flags.update(record.flags)
        self.rules[record.rules] += 1

    def as_dict(self) -> dict[str, int | dict[str, int]]:
        """Return the counters as plain values, each table sorted by name."""
        tables = {name: dict(sorted(getattr(self, name).items())) for name in TABLES}
        return {**{name: getattr(self, name) for name in NUMBERS}, **tables}


def render_card(
    tally: Tally,
    format_: Format,
    where: Sequence[str],
    partition_by: Sequence[PartitionKey],
    left_out: Sequence[str] = (),
    unique: Unique | None = None,
) -> str:
    """Return the card of an export; it holds no time, so that the same records give the same card.

    `left_out` has a sentence for each damaged file of records that was left out.
    """
    made = ["dehusk", "export", "--format", format_]
    made += [word for condition in where for word in ("--where", condition)]
    made += [word for name in partition_by for word in ("--partition-by", name)]
    made += [f"--unique={unique}"] if unique else []
    made += ["--skip-damaged"] if left_out else []
    lines = [
        *_front_matter(tally, format_, len(partition_by)),
        "# News cleaned by dehusk",
        "",
        f"{tally.records:,} records with {tally.characters:,} characters of text. A record is one story of a news page: the",
        "page's own (`article`), one embedded in it with its text (`story`), or one without (`headline`).",
        f"dehusk {cleaners.__version__} took them out of raw pages, without the clutter around them, and exported them with",
        "",
        f"    {' '.join(shlex.join(made).split())}",
        "",
        *_on_duplicates(tally, unique),
        *_left_out(left_out),
        "The texts are their publishers'; whether and how you may use them is for you to find out.",
        "",
        "## Counts",
        "",
        "| what | which | records |",
        "| --- | --- | ---: |",
        *(line for name in TABLES for line in _counts(name, getattr(tally, name))),
        "",
        "## Columns",
        "",
        f"Contract {CONTRACT}. No value is missing; what is unknown is empty.",
        "",
        *(CSV_CELLS if format_ == "csv" else ()),
        "| column | type | meaning |",
        "| --- | --- | --- |",
        *(f"| `{column.name}` | {TYPES.get(column.type, column.type)} | {column.description} |" for column in columns()),
    ]
    return "\n".join(lines) + "\n"


def _on_duplicates(tally: Tally, unique: Unique | None) -> Iterator[str]:
    """Yield a paragraph on stories that several records of the output folder tell."""
    if unique:
        kept = (
            "the first full copy that was seen of it" if unique == "earliest" else "the fullest clean copy that was seen of it"
        )
        yield f"Each story is there once, by {kept}; {tally.repeats_left_out:,} more records of the"
        yield "same stories, copies, excerpts and headlines, were left out before any `--where`."
    elif tally.duplicates:
        yield f"{tally.duplicates:,} of them are copies or excerpts of others: their `duplicate_of` is the id of the first full"
        yield "copy of their story that was seen. It may be their own id, where a page was crawled twice."
    else:
        return
    if tally.in_no_story:
        yield f"{tally.in_no_story:,} records were in no story yet, and count as told once."
    if tally.stories_missing:
        yield f"{tally.stories_missing:,} stories are missing, as the records that stand for them were."
    yield ""


def _left_out(faults: Sequence[str]) -> Iterator[str]:
    """Yield a paragraph on damaged files of records that were left out."""
    if faults:
        yield from (f"Left out are the records of {len(faults):,} files that were damaged or missing:", "")
        yield from (f"- {fault}" for fault in faults)
        yield ""


def _front_matter(tally: Tally, format_: Format, depth: int) -> Iterator[str]:
    """Yield the YAML that Hugging Face reads; words are quoted, as a bare `no` (Norwegian) means false."""
    yield "---"
    yield "pretty_name: News cleaned by dehusk"
    yield from _yaml_list("language", (code for code in sorted(tally.language) if re.fullmatch("[a-z]{2}", code)))
    yield from _yaml_list("size_categories", [size_class(tally.records)])
    yield from _yaml_list("tags", ["dehusk", "news"])
    yield from ("configs:", "- config_name: default", "  data_files:", "  - split: train")
    yield f'    path: "data/{"*/" * depth}*.{format_}"'
    if format_ == "csv":  # else empty cells load as None, and folders with an empty column not at all
        yield "  keep_default_na: false"
        # Read as these types, a column of figures keeps its texts; dataset_info alone casts what was read as numbers.
        yield from ("  features:", *_features(format_))
    # Without types, datasets infers those of JSON and CSV from the first records, and fails at later ones with authors.
    yield from ("dataset_info:", "  features:", *_features(format_), "---", "")


def _features(format_: Format) -> Iterator[str]:
    """Yield the columns with their types in Hugging Face's notation."""
    parent = ""
    for column in columns():
        above, _, name = column.name.rpartition(".") if format_ != "csv" else ("", "", column.name)
        if above and above != parent:
            yield from (f"  - name: {above}", "    struct:")
        parent = above
        indent = "    " if above else "  "
        is_list = column.type == "array" and format_ != "csv"
        yield f"{indent}- name: {name}"
        yield f"{indent}  " + ("list: string" if is_list else f"dtype: {DTYPES.get(column.type, 'string')}")


def _yaml_list(name: str, words: Iterable[str]) -> list[str]:
    items = [f'- "{word}"' for word in words]
    return [f"{name}:", *items] if items else []


def size_class(records: int) -> str:
    """Return Hugging Face's size category for a number of records."""
    at = next((i for i in range(len(SIZES)) if records < 1000 * 10**i), len(SIZES))
    if at in (0, len(SIZES)):
        return f"n<{SIZES[0]}" if at == 0 else f"n>{SIZES[-1]}"
    return f"{SIZES[at - 1]}<n<{SIZES[at]}"


def _counts(name: str, counts: Counter[str]) -> Iterator[str]:
    for value, number in sorted(counts.items()):
        # As code, without characters that end the code or the row: a value from a page must not act as markup.
        shown = re.sub(r"[`|\s]", " ", value).strip()
        yield f"| {name} | {f'`{shown}`' if shown else 'unknown'} | {number:,} |"
