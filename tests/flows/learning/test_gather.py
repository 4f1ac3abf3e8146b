"""Gathering: the same statistics and samples for any number of workers, and nothing left behind by a stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.errors import OtherVersion, Superseded, UsageError
from flows.execution.run import unwatched
from flows.inputs.raw_page import RawPage
from flows.learning import gather as module
from flows.learning.gather import gather
from flows.learning.page_text import text_and_address
from flows.learning.sample import SampleSizes, page_key
from flows.learning.shard import GatherSettings, gather_shard, gathering_digest
from flows.learning.stored_page import SUFFIX
from flows.options import RowFields, RunOptions, WorkerSettings
from flows.output.lock import locked
from flows.planning.shards import Shard
from tests.conftest import ROOT
from tests.support import gathering
from tests.support.gathering import SHARD_BYTES, contents, make_site_pages
from tests.support.processes import processes_with
from tests.support.waiting import PATIENCE_SECONDS, wait_until

SMALL = SampleSizes(site=5, pool=3, sites=2)
MARK = "DEHUSK_GATHERING"  # in the environment of the commands that are stopped
COMMAND = """
import sys
import threading
from pathlib import Path
from flows.learning import gather as module
from flows.learning.working_folder import working_folder
from flows.options import RunOptions
from flows.planning import shards
from flows.signals import is_stopping
from tests.support import gathering

def tell(work):
    is_stopping.wait()
    (work / "stopping").touch()

if __name__ == "__main__":
    module.gather_shard = gathering.{function}
    shards.SHARD_BYTES, shards.MIN_SOURCE_BYTES = gathering.SHARD_BYTES, 0
    with working_folder(Path(sys.argv[2])) as work:
        threading.Thread(target=tell, args=(work,), daemon=True).start()
        try:
            module.gather([sys.argv[1]], work, RunOptions(workers=int(sys.argv[3])))
        except KeyboardInterrupt:
            sys.exit(130)
"""


@pytest.fixture
def pages(tmp_path, cut_at):
    cut_at(SHARD_BYTES)
    return make_site_pages(tmp_path / "pages")


@pytest.fixture
def gathered(pages, tmp_path):
    """Return what is gathered in a folder of its own."""

    def call(name: str, sizes: SampleSizes = SMALL, inputs: tuple[str, ...] = (), **options):
        (tmp_path / name).mkdir()
        return gather(inputs or [str(pages)], tmp_path / name, RunOptions(**options), sizes)

    return call


def test_any_number_of_workers_gives_the_same(gathered):
    one = contents(gathered("one", workers=1))
    assert contents(gathered("two", workers=2)) == one
    assert b"ferrytimes" in one


def test_any_size_of_shards_gives_the_same(gathered, cut_at):
    several = gathered("several", workers=1)
    cut_at(1 << 20)
    whole = gathered("whole", workers=1)
    assert len(several.files) > 3 == len(whole.files) + 2
    assert contents(several) == contents(whole)


def test_what_pages_say_is_counted_by_site(gathered):
    found = gathered("out", SampleSizes(), workers=1)
    assert list(found.sites) == ["", "ferrytimes.example", "quaypost.example"]
    site = found.sites["ferrytimes.example"]
    assert site.pages == 18  # one of them an HTML page that names its own address
    assert sum(site.months.values()) == site.pages
    assert set(site.months) == {"", "2025-01", "2025-02", "2025-03"}
    assert found.counts.pages == sum(each.pages for each in found.sites.values()) == 65
    assert found.unreadable == {"binary": 1, "row": 1}
    assert found.rows.rows == 60
    assert 0 < sum(each.near_duplicates for each in found.sites.values()) <= 12
    assert (found.failed, found.dropped) == ([], {})


def test_sampled_pages_are_read_in_the_order_of_their_keys(gathered):
    found = gathered("out", workers=2)
    for name, site in found.sites.items():
        pages = [*found.pages_of(name)]
        assert [page.name for page in pages] == [page.name for page in site.sampled()]
        keys = [page_key(text_and_address(page)[0]) for page in pages]
        assert keys == sorted({*keys}) == [page.key for page in site.sampled()]
        assert len(pages) == min(site.k, site.distinct)


def test_small_sites_are_dropped_whatever_their_order(gathered):
    found = gathered("out", SampleSizes(sites=1), workers=1)
    assert list(found.sites) == ["", "quaypost.example"]
    assert found.dropped == {"ferrytimes.example": 18}


def test_hosts_beyond_the_limit_are_counted_as_pages_alone(gathered, cut_at):
    several = gathered("several", SampleSizes(hosts=1), workers=2)
    assert len({*several.sites} - {""}) == 1
    assert several.counts.pages == 65 > sum(site.pages for site in several.sites.values())
    cut_at(1 << 20)
    assert contents(gathered("whole", SampleSizes(hosts=1), workers=1)) == contents(several)


def test_a_page_that_fails_in_any_way_is_counted(gathered, monkeypatch):
    def fail(page: RawPage):
        raise RuntimeError("no such luck")

    monkeypatch.setattr("flows.learning.shard.text_and_address", fail)
    found = gathered("out", workers=1)
    assert (found.sites, found.unreadable) == ({}, {"defect": 66, "row": 1})


def test_half_a_surrogate_pair_is_no_page(gathered, tmp_path):
    (tmp_path / "half.jsonl").write_bytes(b'{"text": "The ferry \\ud800 is back."}\n{"text": "The ferry."}\n')
    found = gathered("out", workers=1, inputs=(str(tmp_path / "half.jsonl"),))
    assert (found.counts.pages, found.unreadable) == (1, {"undecodable": 1})


def test_a_file_that_is_gone_is_counted(gathered, monkeypatch, pages):
    plan = module.plan_shards

    def remove_first(pieces):
        found = plan(pieces)
        (pages / "latin.txt").unlink()
        return found

    monkeypatch.setattr(module, "plan_shards", remove_first)
    assert gathered("out", workers=1).unreadable["unreadable"] == 1


def test_standard_input_is_gathered(gathered, monkeypatch, pages, tmp_path):
    with (pages / "rows.jsonl").open() as rows:
        monkeypatch.setattr(sys, "stdin", rows)
        found = gathered("out", workers=1, inputs=("-",))
    assert found.counts.pages == 60


def test_a_worker_that_is_killed_once_changes_nothing(gathered, monkeypatch, tmp_path):
    undisturbed = contents(gathered("undisturbed", workers=1))
    monkeypatch.setattr(module, "gather_shard", gathering.end_once)
    assert contents(gathered("out", workers=2)) == undisturbed
    assert (tmp_path / "out" / gathering.MARK).exists()


def test_a_shard_that_fails_counts_for_nothing(gathered, monkeypatch):
    def fail_first(shard: Shard, settings: GatherSettings):
        if shard.name.startswith("00000-"):
            raise OSError(28, "No space left on device")
        return gather_shard(shard, settings)

    monkeypatch.setattr(module, "gather_shard", fail_first)
    found = gathered("out", workers=1)
    assert [failure.reason for failure in found.failed] == ["No space left on device"]
    assert 0 < found.counts.pages < 65


@pytest.mark.parametrize(
    ("holder", "code", "problem"), [("earlier", None, Superseded), ("", "other", OtherVersion)], ids=["late", "other version"]
)
def test_who_must_not_write_writes_nothing(holder, code, problem, tmp_path):
    with locked(tmp_path):
        settings = GatherSettings(WorkerSettings(str(tmp_path), (), holder=holder), SMALL, code or gathering_digest())
        with pytest.raises(problem):
            gather_shard(Shard("00000-0123456789ab", ()), settings)
    assert list(tmp_path.glob(f"*{SUFFIX}*")) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"engine": "ray"}, "there is no engine 'ray'"),
        ({"engine": "dask"}, "--engine dask needs the address of a scheduler"),
        ({"captured_at": "soon"}, "'soon' is no time"),
        ({"fields": RowFields(text="bodi")}, "bodi"),
        ({"inputs": ("nowhere",)}, "nowhere does not exist"),
    ],
)
def test_mistakes_are_told(options, sentence, gathered):
    with pytest.raises(UsageError, match=sentence):
        gathered("out", **options)


def test_progress_is_shown(pages, tmp_path):
    seen = []

    def watch(progress):
        seen.append(progress)
        return unwatched(progress)

    (tmp_path / "out").mkdir()
    gather([str(pages)], tmp_path / "out", RunOptions(workers=1), SMALL, watch)
    snapshot = seen[0].snapshot()
    assert (snapshot.shards_done, snapshot.pages, snapshot.quarantined) == (snapshot.shards, 65, 2)
    assert snapshot.bytes_done == snapshot.bytes


class Stopped:
    """A command that is being stopped."""

    def __init__(self, folder: Path, function: str, workers: int) -> None:
        (folder / "command.py").write_text(COMMAND.format(function=function))
        self.folder = folder
        self.work = folder / ".packs.pages.part"
        command = [sys.executable, str(folder / "command.py"), str(folder / "pages"), str(folder / "packs"), str(workers)]
        env = {**os.environ, "PYTHONPATH": str(ROOT), MARK: str(folder)}
        self.process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def begins(self, shards: int) -> None:
        """Wait until so many shards are begun."""
        self._comes_to("*.begun", shards)

    def is_stopping(self) -> None:
        """Wait until it has noticed a first Ctrl-C."""
        self._comes_to("stopping", 1)

    def _comes_to(self, names: str, number: int) -> None:
        wait_until(lambda: len(list(self.work.glob(names))) >= number or self.process.poll() is not None, names)
        assert self.process.poll() is None, self.process.communicate()

    def ends(self) -> int:
        """Wait for its end and that of all its processes, see that nothing is left, and return its exit code."""
        self.process.communicate(timeout=PATIENCE_SECONDS)
        wait_until(lambda: not processes_with(MARK, str(self.folder)), "the end of all processes")
        assert {path.name for path in self.folder.iterdir()} == {"pages", "command.py"}
        return self.process.returncode


@pytest.fixture
def stopped(pages, tmp_path):
    begun = []

    def start(function: str, workers: int) -> Stopped:
        begun.append(Stopped(tmp_path, function, workers))
        return begun[-1]

    yield start
    for command in begun:
        if command.process.poll() is None:
            os.killpg(command.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_ends_it_at_once(workers, stopped):
    command = stopped("stall", workers)
    command.begins(workers)
    command.process.send_signal(signal.SIGTERM)
    assert command.ends() == 143


def test_a_second_ctrl_c_ends_it_at_once(stopped):
    command = stopped("stall", 2)
    command.begins(2)
    os.killpg(command.process.pid, signal.SIGINT)
    command.is_stopping()
    os.killpg(command.process.pid, signal.SIGINT)
    assert command.ends() == 130


@pytest.mark.parametrize("workers", [1, 2])
def test_a_first_ctrl_c_waits_for_the_shards_in_hand(workers, stopped):
    command = stopped("take_a_moment", workers)
    command.begins(workers)
    os.killpg(command.process.pid, signal.SIGINT)
    command.is_stopping()
    (command.work / "go on").touch()
    assert command.ends() == 130
