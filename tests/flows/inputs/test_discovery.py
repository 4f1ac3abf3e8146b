from __future__ import annotations

import contextlib
import errno
import os
import socket

import pytest

from flows.errors import Failed, UsageError
from flows.inputs.listing import find_sources


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("A title\nA body.", encoding="utf-8")


def test_pages_are_found_in_the_order_of_their_names(tmp_path):
    touch(tmp_path, "b.txt", "a/z.txt", "a/y", "c.TXT", "c.TXT.json", "d.pdf", ".hidden.txt", ".git/x.txt", "out/records/r.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "linked").symlink_to(tmp_path / "a")
    sources, skipped = find_sources([str(tmp_path)], tmp_path / "out")
    assert [source.name for source in sources] == ["a/y", "a/z.txt", "b.txt", "c.TXT"]
    assert {skip.name: skip.reason for skip in skipped} == {
        ".git": "hidden",
        "linked": "a link to a folder",
        ".hidden.txt": "hidden",
        "c.TXT.json": "sidecar of a page",
        "d.pdf": "not a page (dehusk reads .txt, .md, .html, .php and the like, .mhtml, .xml, .rss, .json, .jsonl, .warc and"
        " .wet, each also compressed, not .pdf)",
        "pipe.txt": "not a regular file (a named pipe)",
    }


def hostile(folder):
    """Put a page among files that are none and must not be opened, and return the reason to pass over each."""
    touch(folder, "a.txt", "closed/b.txt")
    os.mkfifo(folder / "pipe.txt")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "to.txt").symlink_to("fro.txt")
    (folder / "fro.txt").symlink_to("to.txt")
    (folder / "nowhere.txt").symlink_to("missing.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server, contextlib.chdir(folder):  # a path of a socket has 108 bytes at most
        server.bind("socket.txt")
    reasons = {
        "pipe.txt": "a named pipe", "self.txt": "a link to itself", "to.txt": "a link to itself", "fro.txt": "a link to itself",
        "nowhere.txt": "a link to nothing", "device.txt": "a device", "socket.txt": "a socket",
    }  # fmt: skip
    return {name: f"not a regular file ({reason})" for name, reason in reasons.items()}


@pytest.mark.parametrize("given", ["", "*.txt", "**/*.txt"])
def test_what_is_no_regular_file_is_passed_over(tmp_path, given):
    reasons = hostile(tmp_path)
    sources, skipped = find_sources([str(tmp_path / given)], tmp_path / "out")
    assert {source.name for source in sources} == {"a.txt", "closed/b.txt"} - ({"closed/b.txt"} if given == "*.txt" else set())
    assert {skip.name: skip.reason for skip in skipped} == reasons
    assert {skip.kind for skip in skipped} == {"not a regular file"}


def closed_to(monkeypatch, folder):
    """Refuse to list a folder, also to the superuser."""
    scandir = os.scandir

    def refuse(path):
        if str(path) == str(folder):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr("flows.inputs.discovery.os.scandir", refuse)


def test_a_folder_without_permission_is_passed_over(tmp_path, monkeypatch):
    touch(tmp_path, "a.txt", "closed/b.txt", "z/c.txt")
    closed_to(monkeypatch, tmp_path / "closed")
    sources, skipped = find_sources([str(tmp_path)], tmp_path / "out")
    assert [source.name for source in sources] == ["a.txt", "z/c.txt"]
    assert [(skip.name, skip.reason) for skip in skipped] == [("closed", "not readable (Permission denied)")]
    with pytest.raises(UsageError, match=r"closed cannot be read \(Permission denied\); mend its permissions"):
        find_sources([str(tmp_path / "closed")], tmp_path / "out")


def test_an_input_on_a_disk_that_fails_is_no_mistake(tmp_path, monkeypatch):
    def fail(path):
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr("flows.inputs.discovery.os.scandir", fail)
    with pytest.raises(Failed, match=r"cannot be read \(Input/output error\); mend that, and run the same command again"):
        find_sources([str(tmp_path)], tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_permissions_of_the_system_close_a_folder(tmp_path):
    touch(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    try:
        sources, skipped = find_sources([str(tmp_path)], tmp_path / "out")
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert ([source.name for source in sources], [skip.name for skip in skipped]) == (["a.txt"], ["closed"])


def test_a_file_that_is_named_is_taken_whatever_its_name(tmp_path):
    touch(tmp_path, "page.log")
    (source,), _ = find_sources([str(tmp_path / "page.log")], tmp_path / "out")
    assert (source.name, source.size) == ("page.log", 15)


def test_several_inputs_keep_their_names_apart(tmp_path):
    touch(tmp_path, "one/a.txt", "two/a.txt")
    sources, _ = find_sources([str(tmp_path / "one"), str(tmp_path / "two")], tmp_path / "out")
    assert [source.name for source in sources] == ["one/a.txt", "two/a.txt"]


def test_a_page_named_twice_is_one_page(tmp_path):
    touch(tmp_path, "one/a.txt")
    sources, _ = find_sources([str(tmp_path / "one"), str(tmp_path / "one" / "a.txt")], tmp_path / "out")
    assert len(sources) == 1


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ([], "no input given"),
        ([""], "'' does not exist"),
        (["missing"], "missing does not exist"),
        (["x" * 300], "x does not exist"),
        (["empty"], "no page found in empty"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tmp_path, monkeypatch, inputs, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=says):
        find_sources(inputs, tmp_path / "out")


def test_a_name_of_any_bytes_is_made_printable(tmp_path):
    with open(os.path.join(os.fsencode(tmp_path), b"a\xff.txt"), "wb") as file:
        file.write(b"A title")
    (source,), _ = find_sources([str(tmp_path)], tmp_path / "out")
    assert source.name == "a\\xff.txt"
    with open(source.file, "rb") as file:
        assert file.read() == b"A title"


def test_names_that_print_alike_stay_apart(tmp_path):
    for name in (b"a\xff.txt", b"a\\xff.txt"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
            file.write(b"A title")
    sources, _ = find_sources([str(tmp_path)], tmp_path / "out")
    assert len({source.name for source in sources}) == 2


def test_no_name_reads_as_a_place_in_a_file(tmp_path):
    touch(tmp_path, "a", "a#0", "a\\x230", "a#1-2", "b#7/c#x.txt", "d#0\n.txt")
    names = ["a", "a\\\\x230", "a\\x230", "a\\x231-2", "b\\x237/c#x.txt", "d#0\n.txt"]
    for inputs in ([str(tmp_path)], [*map(str, tmp_path.iterdir())]):
        sources, _ = find_sources(inputs, tmp_path / "out")
        assert [source.name for source in sources] == names


def test_a_pattern_stands_for_the_files_that_it_matches(tmp_path):
    touch(tmp_path, "one/a.txt", "one/deep/b.txt", "two/c.txt", "two/c.html")
    sources, _ = find_sources([str(tmp_path / "**" / "*.txt")], tmp_path / "out")
    assert [source.name for source in sources] == ["one/a.txt", "one/deep/b.txt", "two/c.txt"]
    touch(tmp_path, "[x].txt")
    sources, _ = find_sources([str(tmp_path / "[x].txt")], tmp_path / "out")
    assert [source.name for source in sources] == ["[x].txt"]
    with pytest.raises(UsageError, match="does not exist"):
        find_sources([str(tmp_path / "*.nothing")], tmp_path / "out")


def test_a_link_out_of_the_inputs_is_followed_only_where_it_is_asked_for(tmp_path):
    touch(tmp_path, "in/a.txt", "in/deep/b.txt", "other/c.txt", "secret.txt", "in2/x.txt")
    for name, target in {
        "inside": "deep/b.txt",
        "near": "../in2/x.txt",
        "out": "../secret.txt",
        "far": "/etc/hostname",
    }.items():
        (tmp_path / "in" / f"{name}.txt").symlink_to(target)
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "other")
    (tmp_path / "linked").symlink_to(tmp_path / "in")
    inside, out = {"a.txt", "deep/b.txt", "inside.txt"}, {"far.txt", "near.txt", "out.txt"}
    for given in ("in", "linked", "in/**/*.txt", "in/*"):
        sources, skipped = find_sources([str(tmp_path / given)], tmp_path / "o")
        assert {source.name for source in sources} == inside
        assert {skip.name for skip in skipped if skip.kind == "a link out of its folder"} >= out
        sources, _ = find_sources([str(tmp_path / given)], tmp_path / "o", follow_links=True)
        assert {source.name for source in sources} >= inside | out
    sources, _ = find_sources([str(tmp_path / "in"), str(tmp_path / "in2")], tmp_path / "o")
    assert {source.name for source in sources} == {*(f"in/{name}" for name in inside), "in/near.txt", "in2/x.txt"}


def test_a_link_that_is_named_itself_is_followed(tmp_path):
    touch(tmp_path, "secret.txt", "in/a.txt")
    (tmp_path / "in" / "out.txt").symlink_to(tmp_path / "secret.txt")
    (source,), _ = find_sources([str(tmp_path / "in" / "out.txt")], tmp_path / "o")
    assert source.name == "out.txt"


@pytest.mark.parametrize("scheme", ["file://", "local://"])
def test_an_address_of_this_machine_is_the_path_that_it_stands_for(scheme, tmp_path):
    touch(tmp_path, "in/a.txt", "in/deep/b.txt", "in/.hidden.txt", "in/a.pdf", "in/out/records/c.jsonl", "in/out/c.txt")
    for given in ("in", "in/", "in/*.txt", "in/a.txt"):
        here = find_sources([f"{tmp_path}/{given}"], tmp_path / "in" / "out")
        assert find_sources([f"{scheme}{tmp_path}/{given}"], tmp_path / "in" / "out") == here
    with pytest.raises(UsageError, match="missing does not exist"):
        find_sources([f"{scheme}{tmp_path}/missing"], tmp_path / "out")


def test_the_report_is_no_page_where_the_output_goes_beside_the_pages(tmp_path):
    own = tmp_path / "own"
    touch(own, "a.txt", "report.html", "deep/report.html", "records/0.jsonl")
    (tmp_path / "link").symlink_to(own)
    for given, out in ((own, own), (own, tmp_path / "link"), (own / "**" / "*.*", own)):
        sources, skipped = find_sources([str(given)], out)
        assert [source.name for source in sources] == ["a.txt", "deep/report.html"]
        assert "output of dehusk" in {skip.reason for skip in skipped if skip.name == "report.html"}


def test_a_pattern_passes_over_the_output_and_sidecars(tmp_path):
    touch(tmp_path, "a.txt", "a.txt.json", "b.json", "out/records/0.jsonl", "out/records/0.txt")
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for out in ("out", "link"):
        sources, skipped = find_sources([str(tmp_path / "**" / "*.*")], tmp_path / out)
        assert [source.name for source in sources] == ["a.txt", "b.json"]
        assert {skip.reason for skip in skipped} == {"output of dehusk", "sidecar of a page"}
    sources, _ = find_sources([str(tmp_path)], tmp_path / "link")
    assert [source.name for source in sources] == ["a.txt", "b.json"]
    with pytest.raises(UsageError, match="is where the output goes"):
        find_sources([str(tmp_path / "out" / "records")], tmp_path / "out")
    sources, _ = find_sources([str(tmp_path / "out" / "records" / "0.txt")], tmp_path / "out")
    assert len(sources) == 1


def test_pages_and_output_may_share_a_folder(tmp_path):
    touch(tmp_path, "in/a.txt", "b.txt", "records/0.jsonl")
    assert [source.name for source in find_sources([str(tmp_path / "in")], tmp_path)[0]] == ["a.txt"]
    assert [source.name for source in find_sources([str(tmp_path)], tmp_path)[0]] == ["b.txt", "in/a.txt"]


def test_two_pages_of_one_name_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("flows.inputs.storage.expand", lambda url, whole_names: [(url, "a.example/1.txt", 9)])
    with pytest.raises(UsageError, match=r"https://a.example/1.txt would both be named a.example/1.txt"):
        find_sources(["http://a.example/1.txt", "https://a.example/1.txt"], tmp_path)
    assert len(find_sources(["https://a.example/1.txt"] * 2, tmp_path)[0]) == 1


def test_pages_of_many_names_are_found(tmp_path):
    touch(tmp_path, "a.php", "b.xhtml", "c.aspx", "d.shtml", "e.md", "f.json", "g.exe", "README.md")
    sources, skipped = find_sources([str(tmp_path)], tmp_path / "out")
    assert [source.name for source in sources] == ["a.php", "b.xhtml", "c.aspx", "d.shtml", "e.md", "f.json"]
    assert {skip.name for skip in skipped} == {"g.exe", "README.md"}


@pytest.mark.parametrize("given", ["", "*"])
def test_the_readme_and_the_report_of_the_output_are_no_pages(given, tmp_path):
    touch(tmp_path, "a.txt", "README.md", "report.html", "deep/README.md", "deep/report.html")
    sources, skipped = find_sources([str(tmp_path / given)], tmp_path)
    assert [source.name for source in sources] == ["a.txt", "deep/report.html"]
    assert {skip.name for skip in skipped if skip.reason == "output of dehusk"} == {"README.md", "report.html"}
