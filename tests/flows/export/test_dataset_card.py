"""The card of an export: valid YAML and Markdown, whatever a record holds."""

from __future__ import annotations

import msgspec
import pytest
import yaml

from cleaners import Record, clean_page
from flows.export.dataset_card import Tally, render_card, size_class

(RECORD,) = clean_page("Ferry returns\nThe ferry is back.").records


def card_of(*records: Record, **asked: object) -> str:
    tally = Tally()
    for record in records:
        tally.add(record)
    return render_card(tally, **{"format_": "parquet", "where": [], "partition_by": [], **asked})


def front_matter(text: str) -> dict[str, object]:
    _, front, _ = text.split("---\n", 2)
    return yaml.safe_load(front)


def test_the_front_matter_tells_where_the_data_is_and_what_it_is():
    front = front_matter(card_of(RECORD, msgspec.structs.replace(RECORD, language="no"), partition_by=["site", "kind"]))
    assert front["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/*/*/*.parquet"}]}
    ]  # fmt: skip
    assert (front["language"], front["size_categories"]) == (["no"], ["n<1K"])


def test_an_empty_cell_of_csv_is_loaded_as_a_text():
    assert front_matter(card_of(RECORD, format_="csv"))["configs"][0]["keep_default_na"] is False
    assert "keep_default_na" not in front_matter(card_of(RECORD))["configs"][0]


def test_a_column_of_figures_in_csv_is_loaded_as_texts():
    front = front_matter(card_of(RECORD, format_="csv"))
    assert front["configs"][0]["features"] == front["dataset_info"]["features"]


def test_only_what_is_a_language_is_told_as_one():
    assert "language" not in front_matter(card_of(RECORD))
    assert front_matter(card_of(msgspec.structs.replace(RECORD, language='"\n- x')))["tags"] == ["dehusk", "news"]


def test_columns_counts_and_the_command_are_told():
    text = card_of(msgspec.structs.replace(RECORD, flags=["truncated"]), where=["title~a b"], format_="csv")
    assert "| `page.site` | string | Name of the pack of its site" in text
    assert "| flags | `truncated` | 1 |" in text
    assert "| site | unknown | 1 |" in text
    assert "    dehusk export --format csv --where 'title~a b'\n" in text
    assert "would take for a formula" in text
    assert "would take for a formula" not in card_of(RECORD)


def test_a_value_breaks_no_table_and_no_line():
    text = card_of(msgspec.structs.replace(RECORD, flags=["a`|<b>\n# Title"]), where=["title~a\n# Title"])
    assert "# Title" not in text.splitlines()
    assert "| flags | `a  <b> # Title` | 1 |" in text


def test_duplicates_are_told_of_and_what_is_left_out():
    repeated = msgspec.structs.replace(RECORD, duplicate_of=RECORD.id)
    assert "1 of them are copies or excerpts of others" in card_of(RECORD, repeated)
    assert "copies" not in card_of(RECORD)
    text = render_card(Tally(records=1, repeats_left_out=1_200, stories_missing=3), "csv", [], [], unique="longest")
    assert "    dehusk export --format csv --unique=longest\n" in text
    assert "by the fullest clean copy that was seen of it; 1,200 more records" in text
    assert "3 stories are missing" in text
    assert "in no story" not in text


@pytest.mark.parametrize(
    ("records", "size"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (99_999, "10K<n<100K"), (10**12 - 1, "100B<n<1T"), (10**12, "n>1T")],
)
def test_sizes_are_those_of_hugging_face(records, size):
    assert size_class(records) == size
