"""A user's own packs: files that cannot be read are refused at once, in one sentence."""

from __future__ import annotations

import os
import socket

import pytest

from flows import packs
from flows.errors import UsageError
from flows.packs import chosen_packs, load_library, read_packs


def _pipe(path):
    os.mkfifo(path)


def _device(path):
    path.symlink_to("/dev/zero")


def _socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _itself(path):
    path.symlink_to(path.name)


def _nothing(path):
    path.symlink_to("gone.toml")


def _folder(path):
    path.mkdir()


def _large(path):
    path.touch()
    os.truncate(path, packs.MAX_PACK_BYTES + 1)


@pytest.mark.parametrize("make", [_pipe, _device, _socket, _itself, _nothing, _folder, _large])
def test_a_pack_that_is_no_file_is_refused_at_once(make, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    path = tmp_path / "a.toml"
    make(path.relative_to(tmp_path) if make is _socket else path)
    with pytest.raises(UsageError, match=r"a\.toml .*take it away$"):
        read_packs(str(tmp_path))
    with pytest.raises(UsageError):
        chosen_packs(str(path))


def test_a_folder_that_is_none_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "itself").symlink_to("itself")
    for name in ("pipe", "itself", "gone"):
        with pytest.raises(UsageError, match="no folder that holds"):
            read_packs(str(tmp_path / name))


def test_a_users_own_site_packs_stay_without_those_of_dehusk(tmp_path):
    (tmp_path / "quay.toml").write_text(
        'name = "quay"\ntitle = "The Quay Post"\nhosts = ["quaypost.example"]\n', encoding="utf-8"
    )
    library = load_library(read_packs(str(tmp_path)), strict=False, site_packs=False)
    assert [pack.name for pack in library.sites] == ["quay"]
