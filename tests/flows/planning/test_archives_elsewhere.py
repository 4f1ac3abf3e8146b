"""Archives in a store that answers late are listed at once, and cut side by side."""

from __future__ import annotations

from flows.inputs.listing import Listing, find_sources
from flows.inputs.storage import open_file
from flows.options import USUAL, RunOptions
from flows.planning.comparison import RunRequest
from flows.planning.database import open_state
from flows.planning.folder import make_folders
from flows.planning.planner import plan_run
from flows.planning.shards import pieces_of, plan_shards
from tests.support.late_store import LateStore, late_store, register


def test_listing_a_folder_elsewhere_asks_for_no_file_alone(tmp_path, monkeypatch):
    register()
    asked = []
    ask = LateStore.ask
    monkeypatch.setattr(LateStore, "ask", lambda *given: asked.append(given[2:]) or ask(*given))
    with late_store(5, 1, 0.0) as address:
        names = [f"{number:06}.warc.gz" for number in range(5)]
        sources, _ = find_sources([address], tmp_path)
        assert ([source.name for source in sources], len({source.size for source in sources})) == (names, 1)
        assert len(asked) == 1
        each, _ = find_sources([source.file for source in sources], tmp_path)
        assert [(source.file, source.size) for source in each] == [(source.file, source.size) for source in sources]
        asked.clear()
        with open_file(sources[0].file) as whole, open_file(sources[0].file, is_skimmed=True) as skimmed:
            assert whole.read() == skimmed.read()
    assert all(source.size > 0 for source in sources)


def test_archives_elsewhere_are_cut_side_by_side_into_the_shards_of_one_after_the_other(tmp_path, cut_at):
    cut_at(100_000)
    register()
    (tmp_path / "pages").mkdir()
    for number in (1, 2):  # small ones come at once, and wait their turn
        (tmp_path / "pages" / f"{number}.txt").write_text("Title\nBody.")
    make_folders(tmp_path / "out")
    with late_store(6, 150_000, 0.02) as address:
        sources, _ = find_sources([address, str(tmp_path / "pages")], tmp_path / "out")
        expected = plan_shards(piece for source in sources for piece in pieces_of(source, USUAL))
        with open_state(tmp_path / "out") as state:
            plan = plan_run(state, Listing(sources), tmp_path / "out", RunRequest("rules", "", RunOptions()))
        assert [*plan.shards] == expected
    assert max(source.start for shard in expected for source in shard.sources) > 0
