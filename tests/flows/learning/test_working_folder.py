"""The working folder of a command that learns: empty at first, gone at last, and never another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.errors import Failed, UsageError
from flows.learning.working_folder import working_folder


def test_it_is_beside_the_packs_and_gone_at_the_end(tmp_path):
    with working_folder(tmp_path / "new" / "packs") as work:
        assert work.parent == tmp_path / "new"
        (work / "inner").mkdir()
        (work / "inner" / "file").touch()
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_it_is_gone_after_an_error_too(error, tmp_path):
    with pytest.raises(error), working_folder(tmp_path / "packs") as work:
        (work / "file").touch()
        raise error
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_command_left_is_removed(tmp_path):
    with working_folder(tmp_path / "packs") as work:
        pass
    work.mkdir()
    (work / "file").touch()
    with working_folder(tmp_path / "packs") as again:
        assert (again, list(again.iterdir())) == (work, [])


def test_two_commands_do_not_share_one(tmp_path):
    with working_folder(tmp_path / "packs") as work:
        with pytest.raises(Failed, match="another dehusk learns to"), working_folder(tmp_path / "packs"):
            pass
        assert work.is_dir()


def test_a_link_in_its_place_is_not_emptied(tmp_path):
    with working_folder(tmp_path / "packs") as work:
        pass
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    work.symlink_to(tmp_path / "mine")
    with pytest.raises(UsageError, match="is a link, where dehusk writes"), working_folder(tmp_path / "packs"):
        pass
    assert (tmp_path / "mine" / "file").exists()


def test_the_root_is_no_folder_for_packs():
    with pytest.raises(UsageError, match="is no folder for packs"), working_folder(Path("/")):
        pass
