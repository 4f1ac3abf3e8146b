"""Records as tables of pandas and Polars, with the types of an export."""

from __future__ import annotations

import msgspec
import pytest

from cleaners import clean_page
from flows.errors import UsageError
from flows.export import arrow_schema, pandas_frame, polars_frame
from tests.conftest import ROOT
from tests.support.command import dehusk
from tests.support.extras import skip_without

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("consumers")]
FRAMES = [pytest.param(pandas_frame, id="pandas"), pytest.param(polars_frame, id="polars")]
COLUMNS = [name for name in arrow_schema().names if name != "page"]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """An output folder with each story of the seeds twice."""
    folder = tmp_path_factory.mktemp("frames")
    for name in ("a", "b"):
        (folder / "pages" / name).mkdir(parents=True)
        for seed in (ROOT / "seeds").glob("*.txt"):
            (folder / "pages" / name / seed.name).write_bytes(seed.read_bytes())
    dehusk("run", str(folder / "pages"), "--out", str(folder / "out"), "--no-prefect", "--quiet", "--settle", "0")
    return folder / "out"


def rows_of(frame) -> list[dict]:
    """Return the rows of a table of either library."""
    return frame.to_dicts() if hasattr(frame, "to_dicts") else frame.to_dict("records")


@pytest.fixture(autouse=True)
def _libraries():
    skip_without("pandas", "polars")


@pytest.mark.parametrize("frame_of", FRAMES)
def test_a_folder_is_a_table(frame_of, out):
    rows = rows_of(frame_of(out))
    assert len(rows) == 16
    assert [*rows[0]][: len(COLUMNS)][:4] == COLUMNS[:4]
    assert {row["page.site"] for row in rows} == {"daily8"}
    assert sum(row["duplicate_of"] != "" for row in rows) == 8
    assert all(isinstance(row["confidence"], float) for row in rows)


@pytest.mark.parametrize("frame_of", FRAMES)
def test_rows_are_chosen_as_by_an_export(frame_of, out):
    rows = rows_of(frame_of(str(out), where=["kind=story"], unique="earliest"))
    assert {row["kind"] for row in rows} == {"story"}
    assert len({row["title"] for row in rows}) == len(rows) == 6
    with pytest.raises(UsageError, match="is no condition"):
        frame_of(out, where=["kind"])


@pytest.mark.parametrize("frame_of", FRAMES)
def test_records_at_hand_are_a_table(frame_of):
    (record,) = clean_page("Ferry returns\nThe ferry is back.").records
    late = msgspec.structs.replace(record, authors=["Ann Lee"])
    rows = rows_of(frame_of([record, late]))
    assert [[*row["authors"]] for row in rows] == [[], ["Ann Lee"]]
    assert rows_of(frame_of([])) == []
