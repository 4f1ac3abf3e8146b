"""The state in a real PostgreSQL, as clusters keep it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.execution.run import run
from flows.export import read_records
from flows.inspect.status import status_of, story_of
from flows.inspect.verify import verify_output
from flows.layout import FOLDERS, STORIES, STORIES_FILE
from flows.options import USUAL, RunOptions
from flows.planning.database import address_of, open_state
from flows.planning.repair import repair
from flows.report.build import report
from flows.stories.repair import repair_stories
from tests.chaos import make_pages
from tests.support.retold_pages import write_story_pages
from tests.support.services import POSTGRES, postgres
from tests.support.story_files import stories_in
from tests.support.story_pages import crane, ferry, write_rows

pytest.importorskip("psycopg", reason="the extra postgres is not installed")
pytestmark = [
    pytest.mark.skipif(POSTGRES is None, reason="PostgreSQL is not installed"),
    pytest.mark.service,
    pytest.mark.xdist_group("PostgreSQL"),
]


@pytest.fixture(scope="module")
def database():
    with postgres() as url:
        yield url


def lines(out):
    return sorted(line for name in FOLDERS for file in out.glob(f"{name}/*.jsonl") for line in file.read_bytes().splitlines())


def test_runs_know_from_postgresql_what_has_been_done(database, tmp_path, cut_at):
    cut_at(60_000)
    make_pages(tmp_path / "pages", 60)
    asked = RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out"), state=database)
    assert run(asked).counts.pages == 59
    assert run(asked).manifest == ""
    (tmp_path / "pages" / "0" / "00000.txt").write_text("Page 0 anew\nThe board met again on Tuesday.")
    assert run(asked).counts.pages == 1
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "plain"), workers=1))
    assert not (tmp_path / "out" / "state.db").exists()
    assert lines(tmp_path / "out") == lines(tmp_path / "plain")
    status = status_of(tmp_path / "out", database, [str(tmp_path / "pages")])
    assert (status.totals.done, status.totals.bad_pages, status.new, status.changed) == (60, 1, 0, 0)
    with open_state(tmp_path / "out", database) as state:
        assert [one.outcome for one in state.last_runs(3)] == ["done", "nothing new", "done"]

    with pytest.raises(
        UsageError,
        match="the state is that of another output folder; name another database",
    ):
        run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "other"), state=database))
    other = run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "other"), state=database, fresh=True))
    assert other.counts.pages == 59


def test_a_lost_database_is_made_again_and_a_damaged_shard_cleaned_again(database, tmp_path, cut_at):
    cut_at(60_000)
    make_pages(tmp_path / "pages", 60)
    out = tmp_path / "out"
    asked = RunOptions((str(tmp_path / "pages"),), str(out), state=database, fresh=True)
    run(asked)
    before = lines(out)
    with open_state(out, database) as state:
        state.replace({}, [])
    assert "state knew of no run; it was made again" in " ".join(repair(out, database).done)
    assert run(replace(asked, fresh=False)).manifest == ""
    damaged = min((out / "records").iterdir())
    damaged.write_bytes(b"")
    with pytest.raises(Failed, match=f"records/{damaged.name} has 0 bytes, not"):
        list(read_records(out, state=database))
    assert repair(out, database).damaged
    assert 0 < run(replace(asked, fresh=False)).counts.pages < 59
    assert lines(out) == before
    assert report(out, state=database).damaged == []
    assert len(list(read_records(out, state=database))) == len(list(read_records(out))) > 0
    with pytest.raises(UsageError, match="is in a database; name it with --state"):
        repair(out)


def test_stories_are_read_and_repaired_in_postgresql(database, tmp_path):
    write_rows(tmp_path / "pages" / "a.jsonl", crane(1), crane(2), ferry(2))
    out = tmp_path / "out"
    asked = RunOptions((str(tmp_path / "pages"),), str(out), state=database, fresh=True, workers=1)
    assert run(asked).stories_problem == ""
    before = {file.name: file.read_bytes() for file in (out / STORIES).iterdir()}
    assert sorted(before) == ["2025-07-01.jsonl", "2025-07-02.jsonl"]
    shown = status_of(out, database, []).stories
    assert (shown.condition, shown.counts.duplicates, shown.most_repeated[0].count) == ("up to date", 1, 2)
    assert [line.count for line in story_of(out, database, shown.most_repeated[0].story)] == [2]
    assert list(verify_output(out, [], database, USUAL)) == []
    assert repair_stories(out, database) == []
    engine = sa.create_engine(address_of(out, database))
    for statement in ("update story_lines set lines = '\\xc1'", "drop table story_about"):
        (out / STORIES / "2025-07-01.jsonl").unlink()
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        problems = list(verify_output(out, [], database, USUAL))
        assert [problem for problem in problems if "stories" in problem]
        assert repair_stories(out, database)
        assert list(verify_output(out, [], database, USUAL)) == []
        assert {file.name: file.read_bytes() for file in (out / STORIES).iterdir()} == before
    engine.dispose()


def test_stories_are_kept_in_postgresql_and_are_those_of_a_file(database, tmp_path, cut_at):
    cut_at(12_000)
    pages = write_story_pages(tmp_path / "pages")
    out = tmp_path / "out"
    asked = RunOptions((str(tmp_path / "pages"),), str(out), state=database, workers=1)
    run(replace(asked, inputs=tuple(map(str, pages[::2])), fresh=True))
    run(asked)
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "plain"), workers=1))
    assert not (out / STORIES_FILE).exists()
    assert stories_in(out) == stories_in(tmp_path / "plain")
    for file in pages[::3]:
        file.unlink()
    max((out / STORIES).iterdir()).unlink()
    assert run(replace(asked, prune=True)).stories_problem == ""
    run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "rest"), workers=1))
    assert stories_in(out) == stories_in(tmp_path / "rest")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://dehusk@127.0.0.1:9/none", "postgresql://127.0.0.1:9/none cannot be used as the state"),
        ("postgresql://us:secret@127.0.0.1:9/none", "postgresql://127.0.0.1:9/none cannot be used as the state"),
        ("host=db password=secret", "--state: what is given is no database"),
        ("postgresql://us:pw@host:port/none", "--state: postgresql://host:port/none is no database"),
        ("postgresql://us:sec@secret@127.0.0.1:9/none", "cannot be used as the state"),
        ("nonsense://x", "--state: nonsense://x is no database"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_mistake(url, says, seeds, tmp_path):
    with pytest.raises(UsageError, match=re.escape(says)) as told:
        run(RunOptions((str(seeds),), str(tmp_path / "out"), state=url))
    assert "secret" not in str(told.value)
