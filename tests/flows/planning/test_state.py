"""What has been done is written down whole or not at all, and belongs to one output folder."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.errors import Failed, UsageError
from flows.layout import IDENTITY, STATE_FILE
from flows.output.written import WrittenFile
from flows.planning.database import open_state
from flows.planning.runs import Run, Totals
from flows.planning.state import KnownInput

A = KnownInput("a.txt", 0, None, "00000-a", 0)
B = KnownInput("b.jsonl", 0, 40, "00000-a", 1)
C = KnownInput("b.jsonl", 40, None, "00001-b", 0)


X = WrittenFile("x", 1, "s")


def done(known: KnownInput, quarantined: int = 0) -> KnownInput:
    return known._replace(stamp="s", digest="d", made_by="r", quarantined=quarantined)


def planned(out: Path) -> None:
    with open_state(out) as state:
        state.plan([("00000-a", 0, [A, B]), ("00001-b", 1, [C])])


def known(out: Path, url: str = "", *, fresh: bool = False) -> list[KnownInput]:
    with open_state(out, url, fresh=fresh) as state:
        return list(state.known())


def test_a_new_state_knows_nothing(tmp_path):
    with open_state(tmp_path) as state:
        assert (list(state.known()), state.shards(), state.next_number(), state.last_runs(5)) == ([], {}, 0, [])
        assert state.totals() == Totals(0, 0, 0, 0, 0)
    assert (tmp_path / STATE_FILE).exists()
    assert not (tmp_path / IDENTITY).exists()


def test_what_is_planned_is_known_to_the_next_run(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        assert list(state.known()) == [A, B, C]
        assert state.shards() == {"00000-a": {}, "00001-b": {}}
        assert state.next_number() == 2
        assert state.totals() == Totals(done=0, pending=3, with_bad_pages=0, bad_pages=0, shards=2)


def test_inputs_come_by_shard_and_place(tmp_path):
    with open_state(tmp_path) as state:
        state.plan([("00001-b", 1, [C]), ("00000-a", 0, [B, A])])
        assert list(state.known()) == [A, B, C]


def test_a_shard_that_is_done_replaces_what_it_held(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.commit("00000-a", [done(B, 2)], {"records/00000-a.jsonl": X})
        assert list(state.known()) == [done(B, 2), C]
        assert state.shards() == {"00000-a": {"records/00000-a.jsonl": X}, "00001-b": {}}
        assert state.totals() == Totals(done=1, pending=1, with_bad_pages=1, bad_pages=2, shards=2)


def test_a_shard_that_holds_nothing_is_forgotten(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.commit("00001-b", [], {})
        assert (list(state.known()), list(state.shards()), state.next_number()) == ([A, B], ["00000-a"], 1)


def test_bad_pages_of_an_input_that_is_to_be_done_again_count(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.commit("00001-b", [C._replace(quarantined=1)], {})
        assert (state.totals().with_bad_pages, state.totals().bad_pages) == (1, 1)


def test_of_a_known_input_only_what_has_changed_is_written(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.commit("00000-a", [done(A), done(B)], {})
        state.plan([], [done(B)._replace(stamp="t", made_by="", digest="not written", place=9)])
        assert list(state.known()) == [done(A), done(B)._replace(stamp="t", made_by=""), C]


def test_a_change_that_fails_changes_nothing(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        with pytest.raises(
            Failed, match=r"the state cannot be written \(.*\); what is not in it is done again by the next run"
        ):
            state.plan([("00002-c", 2, [A._replace(shard="00002-c")])])
        assert list(state.known()) == [A, B, C]
        assert "00002-c" not in state.shards()
        with pytest.raises(Failed):
            state.commit("00000-a", [A, A], {"records/00000-a.jsonl": X})
        assert list(state.known()) == [A, B, C]
        assert state.shards()["00000-a"] == {}


def test_what_is_cleared_is_forgotten_but_for_the_runs(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.begin_run("2025-07-05")
        state.clear()
        assert (list(state.known()), state.shards(), len(state.last_runs(5))) == ([], {}, 1)


def test_the_last_runs_come_first_by_their_numbers_and_no_more_than_asked_for(tmp_path):
    with open_state(tmp_path) as state:
        numbers = [state.begin_run(f"2025-07-0{day}") for day in (3, 1, 1)]
        assert numbers == [1, 2, 3]
        state.end_run(Run(2, "2025-07-01", 0.5, "done", "runs/2.json"))
        ended, begun = Run(2, "2025-07-01", 0.5, "done", "runs/2.json"), Run(3, "2025-07-01", 0.0, "unfinished", "")
        assert state.last_runs(2) == [begun, ended]
        assert state.begin_run("2025-07-04", above=7) == 8


def test_other_stamps_of_files_are_written_and_nothing_else(tmp_path):
    planned(tmp_path)
    with open_state(tmp_path) as state:
        state.commit("00000-a", [done(A), done(B)], {"records/00000-a.jsonl": X})
        state.restamp({"00000-a": {"records/00000-a.jsonl": WrittenFile("x", 1, "t")}})
        assert state.shards() == {"00000-a": {"records/00000-a.jsonl": WrittenFile("x", 1, "t")}, "00001-b": {}}
        assert list(state.known()) == [done(A), done(B), C]


@pytest.mark.parametrize("url", ["nonsense", "abacus://me:secret@host/name", "://", "postgresql+abacus://host/name"])
def test_what_is_no_database_is_a_mistake(tmp_path, url):
    with pytest.raises(UsageError, match=r"^--state: .* is no database; write it as postgresql://user@host/name$") as told:
        known(tmp_path, url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_file_that_is_no_state_is_a_mistake(tmp_path, fresh):
    (tmp_path / STATE_FILE).write_bytes(b"no database at all " * 100)
    with pytest.raises(UsageError, match=r"state\.db cannot be used as the state \(.*\); dehusk repair .* makes it again"):
        known(tmp_path, fresh=fresh)
    assert (tmp_path / STATE_FILE).read_bytes().startswith(b"no database")


def test_a_database_that_cannot_be_reached_is_a_mistake(tmp_path):
    url = f"sqlite:///{tmp_path}/missing/state.db"
    with pytest.raises(UsageError, match=r"cannot be used as the state \(unable to open .*\); check the address"):
        known(tmp_path, url)


def change_tables(out, *statements):
    engine = sa.create_engine(f"sqlite:///{out / STATE_FILE}")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()


def test_a_state_of_another_version_is_refused_but_for_a_fresh_run(tmp_path):
    planned(tmp_path)
    change_tables(tmp_path, "update about set value = '0' where name = 'version'")
    with pytest.raises(UsageError, match="another version of dehusk; use that version, or a later one, or begin anew"):
        known(tmp_path)
    for fresh in (True, False):
        with open_state(tmp_path, fresh=fresh) as state:
            assert state.next_number() == 0


@pytest.fixture
def elsewhere(tmp_path) -> tuple[str, Path, Path]:
    """A database beside two output folders, of which it is that of the first."""
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    url = f"sqlite:///{tmp_path}/all.db"
    with open_state(folders[0], url) as state:
        state.plan([("00000-a", 0, [A])])
    return url, *folders


def test_a_state_may_be_kept_elsewhere(elsewhere):
    url, one, _ = elsewhere
    assert known(one, url) == [A]
    assert sorted(file.name for file in one.iterdir()) == [IDENTITY]


def test_a_folder_may_be_moved_with_its_state_elsewhere(elsewhere):
    url, one, _ = elsewhere
    assert known(one.rename(one.with_name("three")), url) == [A]


def test_the_state_of_another_folder_is_refused(elsewhere):
    url, one, two = elsewhere
    with pytest.raises(UsageError, match="the state is that of another output folder; name another database, or begin anew"):
        known(two, url)
    assert known(one, url) == [A]


def test_a_fresh_run_takes_the_state_of_another_folder_over(elsewhere):
    url, one, two = elsewhere
    known(two, url, fresh=True)
    known(two, url)
    with pytest.raises(UsageError, match="another output folder"):
        known(one, url)


def test_a_state_that_is_broken_inside_ends_in_a_sentence(tmp_path):
    planned(tmp_path)
    change_tables(tmp_path, "alter table sources rename column digest to other")
    with pytest.raises(Failed, match=r"the state cannot be read \(no such column: .*\); dehusk repair makes .*state\.db again"):
        known(tmp_path)


def test_a_fresh_run_makes_the_tables_of_another_version_anew(tmp_path):
    planned(tmp_path)
    change_tables(
        tmp_path, "alter table sources rename column digest to other", "update about set value = '3' where name = 'version'"
    )
    with open_state(tmp_path, fresh=True) as state:
        assert list(state.known()) == []


@pytest.mark.parametrize(
    ("code", "raised", "advice"),
    [
        (sqlite3.SQLITE_FULL, Failed, "mend that, and run the same command again"),
        (sqlite3.SQLITE_IOERR_READ, Failed, "mend that, and run the same command again"),
        (sqlite3.SQLITE_READONLY, Failed, "mend that, and run the same command again"),  # the file may be written
        (sqlite3.SQLITE_CORRUPT, Failed, "dehusk repair .* makes it again"),
        (sqlite3.SQLITE_NOTADB, UsageError, "dehusk repair .* makes it again"),
    ],
)
def test_a_disk_that_fails_the_state_is_no_mistake(tmp_path, monkeypatch, code, raised, advice):
    cause = sqlite3.OperationalError("disk I/O error")
    cause.sqlite_errorcode = code

    def fail(*_: object) -> None:
        raise sa.exc.OperationalError("CREATE TABLE", {}, cause)

    monkeypatch.setattr("flows.planning.database.tables.create_all", fail)
    with pytest.raises(raised, match=rf"state\.db cannot be used as the state \(disk I/O error\); .*{advice}"):
        known(tmp_path)


def test_commits_last_through_a_power_cut(tmp_path):
    extra = 3  # the removal of the journal is flushed, too; without it a commit is undone by the journal that is back
    with open_state(tmp_path) as state, state._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == extra
