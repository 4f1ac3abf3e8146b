"""A folder that takes a place in one step, whatever was there, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.errors import Failed, UsageError
from flows.output.atomic import clear, replaced_folder


def names(folder) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_is_there_when_it_is_whole(tmp_path):
    with replaced_folder(tmp_path / "to" / "new") as part:
        (part / "data").mkdir()
        (part / "data" / "a").touch()
        assert not (tmp_path / "to" / "new").exists()
    assert names(tmp_path) == ["to", "to/new", "to/new/data", "to/new/data/a"]


def test_it_takes_the_place_of_what_was_there(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "old").touch()
    with replaced_folder(tmp_path / "new") as part:
        (part / "a").touch()
        assert names(tmp_path / "new") == ["old"]
    assert names(tmp_path) == ["new", "new/a"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_what_was_there_and_nothing_else(error, tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "old").touch()
    with pytest.raises(error), replaced_folder(tmp_path / "new") as part:
        (part / "a").touch()
        raise error
    assert names(tmp_path) == ["new", "new/old"]


def test_what_a_killed_process_left_is_taken_away(tmp_path):
    for left in (".new.part", ".new.old.part"):
        (tmp_path / left / "data").mkdir(parents=True)
        (tmp_path / left / "data" / "left").touch()
    with replaced_folder(tmp_path / "new") as part:
        (part / "a").touch()
    assert names(tmp_path) == ["new", "new/a"]


def test_what_made_place_for_a_folder_that_did_not_come_is_put_back(tmp_path, monkeypatch):
    (tmp_path / ".new.old.part").mkdir()
    (tmp_path / ".new.old.part" / "old").touch()
    with pytest.raises(OSError), replaced_folder(tmp_path / "new"):
        assert names(tmp_path / "new") == ["old"]
        raise OSError
    assert names(tmp_path) == ["new", "new/old"]
    rename = Path.rename
    with pytest.raises(OSError), replaced_folder(tmp_path / "new") as part:
        monkeypatch.setattr(Path, "rename", lambda path, to: _fail() if path == part else rename(path, to))
    assert names(tmp_path) == ["new", "new/old"]


def _fail() -> None:
    raise OSError


def test_two_do_not_write_the_same_folder(tmp_path):
    with replaced_folder(tmp_path / "new") as part:
        (part / "a").touch()
        with pytest.raises(Failed, match="is being written by another dehusk; wait for it"), replaced_folder(tmp_path / "new"):
            pass
    assert names(tmp_path) == ["new", "new/a"]


def test_a_folder_that_is_written_can_be_begun_anew(tmp_path):
    with replaced_folder(tmp_path / "new") as part:
        (part / "data").mkdir()
        (part / "a").touch()
        clear(part)
        (part / "b").touch()
    assert names(tmp_path) == ["new", "new/b"]


def test_a_link_in_place_of_the_part_is_not_followed(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "a").write_text("a")
    (tmp_path / ".export.part").symlink_to(precious)
    with pytest.raises(UsageError, match="is a link"), replaced_folder(tmp_path / "export"):
        pass
    assert (precious / "a").read_text() == "a"


def test_a_link_in_the_part_is_taken_away_and_its_target_stays(tmp_path):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "a").write_text("a")
    (tmp_path / ".export.part").mkdir()
    (tmp_path / ".export.part" / "data").symlink_to(precious)
    with replaced_folder(tmp_path / "export") as part:
        assert not (part / "data").is_symlink()
    assert (precious / "a").read_text() == "a"


def test_a_part_of_somebody_else_is_not_written_to(tmp_path, monkeypatch):
    (tmp_path / ".export.part").mkdir()
    (tmp_path / ".export.part" / "a").touch()
    monkeypatch.setattr("flows.output.atomic.os.geteuid", lambda: -1)
    with pytest.raises(UsageError, match="is not yours"), replaced_folder(tmp_path / "export"):
        pass
    assert (tmp_path / ".export.part" / "a").exists()


def test_a_file_in_place_of_the_part_stays(tmp_path):
    (tmp_path / ".export.part").touch()
    with pytest.raises(UsageError, match="is not yours"), replaced_folder(tmp_path / "export"):
        pass
    assert (tmp_path / ".export.part").is_file()
