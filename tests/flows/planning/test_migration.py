"""The state of an earlier version is brought to the present one whole, or left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.errors import Failed
from flows.execution.run import run
from flows.export import read_records
from flows.inspect.verify import verify_output
from flows.layout import INPUTS, STATE_FILE
from flows.options import USUAL, RunOptions
from flows.output.written import WrittenFile
from flows.planning import migration
from flows.planning.database import open_state, state_to_read
from tests.support.old_state import make_old


@pytest.fixture
def old(tmp_path) -> Path:
    """An output folder as version 1 left it: two runs, the second one with a clock that had been set back."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("Title a\nBody.")
    out = tmp_path / "out"
    run(RunOptions((str(tmp_path / "pages"),), str(out), workers=1))
    make_old(out)
    return out


def test_runs_get_numbers_in_the_order_in_which_they_were_written_down(old):
    with open_state(old) as state:
        assert [(one.number, one.began) for one in state.last_runs(5)] == [(2, "2001-01-01"), (1, "2025-07-05")]
        assert all(file == WrittenFile(file.sha256) for files in state.shards().values() for file in files.values())


def test_the_next_run_does_nothing_again_and_completes_the_folder(old):
    options = RunOptions((str(old.parent / "pages"),), str(old), workers=1)
    summary = run(options)
    assert (summary.manifest, summary.damaged) == ("", [])
    assert len([*(old / INPUTS).iterdir()]) == 1
    assert list(verify_output(old, [str(old.parent / "pages")], "", USUAL)) == []
    with open_state(old) as state:
        assert [one.number for one in state.last_runs(5)] == [3, 2, 1]
        assert all(file.stamp and file.bytes > 0 for files in state.shards().values() for file in files.values())


def test_a_migration_that_fails_changes_nothing(old, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    with monkeypatch.context() as patch:
        patch.setattr(migration, "WrittenFile", fail)
        with pytest.raises(RuntimeError), open_state(old):
            pass
    test_runs_get_numbers_in_the_order_in_which_they_were_written_down(old)


def test_a_reader_reads_it_and_leaves_it_to_the_next_run(old):
    before = (old / STATE_FILE).read_bytes()
    assert [record.title for record in read_records(old)] == ["Title a"]
    with state_to_read(old) as state:
        assert [one.number for one in state.last_runs(5)] == [2, 1]
        assert [row.name for row in state.known()] == ["a.txt"]
    (records,) = (old / "records").iterdir()
    records.write_bytes(b"")
    with pytest.raises(Failed, match="is not as it was written"):
        list(read_records(old))
    assert (old / STATE_FILE).read_bytes() == before
