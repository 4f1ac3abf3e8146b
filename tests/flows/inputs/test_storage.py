"""Inputs elsewhere: addresses of storage in memory and of a web server on this machine."""

from __future__ import annotations

import gzip
import json
import threading
from contextlib import nullcontext
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from flows.errors import UsageError
from flows.execution.run import run
from flows.execution.single_file import clean_one_page
from flows.inputs import storage
from flows.inputs.listing import find_sources
from flows.options import RunOptions
from flows.orchestration import flow as clean_module
from flows.orchestration.run_flow import run_flow
from tests.flows.execution.test_run import rows
from tests.support.command import dehusk
from tests.support.warcs import page

PAGE = b"Old crane to go\nThe harbour board said on Monday that the old crane would be taken down.\n"


@pytest.fixture
def bucket():
    import fsspec

    files = fsspec.filesystem("memory")
    files.pipe(
        {
            "/bucket/in/a.txt": PAGE,
            "/bucket/in/deep/b.jsonl": json.dumps({"text": PAGE.decode()}).encode(),
            "/bucket/in/c.warc.gz": gzip.compress(page(1)),
            "/bucket/in/d.pdf": b"%PDF",
        }
    )
    yield files
    files.rm("/bucket", recursive=True)


def test_a_folder_elsewhere_is_read_like_one_here(bucket, tmp_path):
    summary = run(RunOptions(("memory://bucket/in",), str(tmp_path / "out"), workers=1))
    assert (summary.counts.pages, len(summary.skipped)) == (3, 1)
    paths = {row["page"]["path"] for row in rows(tmp_path / "out", "records")}
    assert paths == {"a.txt", "deep/b.jsonl#0", "c.warc.gz#0"}


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("memory://bucket/in/*.txt", ["a.txt"]),
        ("memory://bucket/in/**/*.jsonl", ["deep/b.jsonl"]),
        ("memory://bucket/in/a.txt", ["a.txt"]),
        ("memory://bucket/in/d.pdf", ["d.pdf"]),
    ],
)
def test_an_address_may_be_a_pattern_or_a_file(bucket, tmp_path, url, names):
    sources, _ = find_sources([url], tmp_path)
    assert [source.name for source in sources] == names


def test_several_inputs_elsewhere_and_here_keep_their_names_apart(bucket, tmp_path):
    (tmp_path / "a.txt").write_bytes(PAGE)
    sources, _ = find_sources(
        [str(tmp_path / "a.txt"), "memory://bucket/in/a.txt", "memory://bucket/in/deep"], tmp_path / "out"
    )
    assert [source.name for source in sources] == ["a.txt", "bucket/in/a.txt", "bucket/in/deep/b.jsonl"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("memory://bucket/none", "memory://bucket/none"),
        ("memory://bucket/*.none", "names no file"),
        ("nonsense://bucket/in", "nonsense://bucket/in is no address that can be read"),
        ("https://user:secret@127.0.0.1:9/a.txt?key=secret", "https://127.0.0.1:9/a.txt cannot be read"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_without_secrets(tmp_path, url, says):
    with pytest.raises(UsageError, match=says.replace("?", r"\?")) as told:
        find_sources([url], tmp_path)
    assert "secret" not in str(told.value)


def test_what_must_be_installed_is_told(monkeypatch):
    def fail(url):
        raise ImportError("no s3fs")

    monkeypatch.setattr("fsspec.core.url_to_fs", fail)
    with pytest.raises(UsageError, match=r"s3:// cannot be read yet; pip install 'dehusk\[s3\]'"):
        storage.expand("s3://bucket/in", whole_names=False)
    with pytest.raises(UsageError, match="install what fsspec needs for hdfs://"):
        storage.expand("hdfs://bucket/in", whole_names=False)


def test_the_time_of_a_file_elsewhere_is_not_known(bucket, tmp_path):
    with pytest.raises(UsageError, match="--captured-at file-time needs files on this machine"):
        run(RunOptions(("memory://bucket/in",), str(tmp_path / "out"), captured_at="file-time"))


def test_a_page_here_may_be_named_by_its_address(tmp_path):
    (tmp_path / "a.txt").write_bytes(PAGE)
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": PAGE.decode()}))
    for name, path in (("a.txt", "a.txt"), ("b.jsonl#0", "b.jsonl#0")):
        assert clean_one_page(f"file://{tmp_path}/{name}", RunOptions())[0].path == path
    summary = run(RunOptions((f"file://{tmp_path}",), str(tmp_path / "out"), captured_at="file-time"))
    assert summary.counts.pages == 2
    assert run(RunOptions((f"file://{tmp_path}",), str(tmp_path / "out"))).counts.pages == 2


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "www"
    folder.mkdir()
    (folder / "a.txt").write_bytes(PAGE)
    (folder / "b.html").write_bytes(b"<html><body><h1>Old crane to go</h1><p>The board said so.</p><a href=a.txt>A</a></body>")

    (folder / "c.warc.gz").write_bytes(gzip.compress(page(1)))

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as web:
        threading.Thread(target=web.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{web.server_port}"
        web.shutdown()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_pages_are_read_from_a_web_server(server, tmp_path):
    pytest.importorskip("aiohttp")
    inputs = (f"{server}/a.txt", f"{server}/b.html?page=1", f"{server}/b.html?page=2", f"{server}/c.warc.gz")
    run(RunOptions(inputs, str(tmp_path / "out"), workers=1))
    host = server.removeprefix("http://")
    found = [row["page"]["path"] for row in rows(tmp_path / "out", "records") if row["kind"] == "article"]
    assert len(found) == 4
    assert found[0] == f"{host}/a.txt"
    with pytest.raises(UsageError, match="cannot be read"):
        find_sources([f"{server}/none.txt"], tmp_path)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_written_holds_no_secrets(server, tmp_path):
    pytest.importorskip("aiohttp")
    summary = run(RunOptions((f"{server}/a.txt?key=secret",), str(tmp_path / "out"), workers=1))
    assert summary.counts.pages == 1
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.json*"))
    assert f"{server}/a.txt" in written
    assert "secret" not in written


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_one_page_elsewhere_is_cleaned_without_showing_secrets(server):
    pytest.importorskip("aiohttp")
    page, cleaned = clean_one_page(f"{server}/a.txt?key=secret", RunOptions())
    assert cleaned.page.path == page.path
    assert page.path.startswith("a.txt~")
    with pytest.raises(UsageError) as told:
        clean_one_page(f"{server}/none.txt?key=secret", RunOptions())
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://us:pw@a.example:8/1.txt?key=secret", "https://a.example:8/1.txt"),
        ("https://us:pw?secret@a.example/1.txt", "https://..."),
        ("https://us:pw/secret@a.example/1.txt", "https://..."),
        ("https://a.example/@user/1.txt?key=a@b", "https://a.example/@user/1.txt"),
        ("https://a.example/1.txt#token=secret", "https://a.example/1.txt"),
        ("https://[::1]:8/1.jsonl?key=secret#12-3", "https://[::1]:8/1.jsonl#12-3"),
        ("zip://in.txt::https://us:p::w@a.example/a.zip?key=a::b", "zip://in.txt::https://a.example/a.zip"),
        ("s3://bucket/a.jsonl#4096", "s3://bucket/a.jsonl#4096"),
        ("pages/a?.txt", "pages/a?.txt"),
    ],
)
def test_an_address_is_shown_without_secrets(url, plain):
    assert storage.without_password(url) == plain
    assert storage.without_secrets(f"cannot read {url}") == f"cannot read {plain}"


def test_no_address_in_a_message_shows_secrets():
    said = "403, url='http://a.example/1?key=secret' (from https://us:secret@b.example/2) http://a','https://us:secret@b/?x"
    assert storage.without_secrets(said) == "403, url='http://a.example/1 (from https://b.example/2) http://..."


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_address_may_be_longer_than_a_name_of_a_file(server, tmp_path):
    pytest.importorskip("aiohttp")
    url = f"{server}/a.txt?key={'x' * 5_000}"
    assert run(RunOptions((url,), str(tmp_path / "out"), workers=1)).counts.pages == 1
    assert dehusk("clean", url).returncode == 0


@pytest.fixture
def strict_server():
    """A server that leads from /moved to an address with a secret, and refuses all it is asked to send."""

    class Strict(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Content-Length", "9")
            self.end_headers()

        def do_GET(self):
            moved = self.path.startswith("/moved")
            self.send_response(302 if moved else 403)
            self.send_header("Location" if moved else "X-Said", "/new.txt?key=secret")
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Strict) as web:
        threading.Thread(target=web.serve_forever, args=[0.01], daemon=True).start()
        yield f"127.0.0.1:{web.server_port}"
        web.shutdown()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "asked", ["http://{}/moved.txt", "http://us:secret@{}/a.txt?key=a%7Esecret", "http://us:pw?secret@{}/a"]
)
def test_what_a_server_answers_shows_no_secrets(strict_server, tmp_path, asked):
    pytest.importorskip("aiohttp")
    url = asked.format(strict_server)
    for command in (["run", url, "--out", str(tmp_path / "out"), "--no-prefect"], ["clean", url]):
        done = dehusk(*command)
        assert b"secret" not in done.stdout + done.stderr
        assert b"Traceback" not in done.stderr
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*.json*"))
    assert "secret" not in written
    assert "403" in written or "?secret" in asked


def test_prefect_is_told_no_secrets(monkeypatch):
    told = {}
    monkeypatch.setattr("flows.orchestration.run_flow.prepared_run", lambda *_: nullcontext())
    monkeypatch.setattr("flows.orchestration.embedded_server.embedded_server", lambda: None)
    monkeypatch.setattr("flows.orchestration.kept_server.require_server", lambda *_, **__: None)

    def flow(**parameters):
        told.update({name: value for name, value in parameters.items() if name != "return_state"})
        clean_module._handover.get().summary = "done"

    monkeypatch.setattr("flows.orchestration.flow.clean", flow)
    asked = ("https://user:secret@a.example/1.txt?key=secret", "pages")
    assert run_flow(RunOptions(asked, state="postgresql://user:secret@db.example/dehusk")) == "done"
    assert told["inputs"] == ("https://a.example/1.txt", "pages")
    assert "secret" not in str(told)


@pytest.mark.parametrize("name", ["", "missing", "a\0b", "a" * 300, "file/below"])
def test_a_name_of_nothing_does_not_exist(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    assert not storage.exists_locally(name)
    assert storage.exists_locally("file")


def test_a_disk_that_fails_is_not_taken_for_a_missing_file(monkeypatch):
    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("flows.inputs.storage.os.stat", fail)
    with pytest.raises(OSError, match="Input/output error"):
        storage.exists_locally("pages")
