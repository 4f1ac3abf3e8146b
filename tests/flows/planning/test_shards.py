"""How pages are put together into shards."""

from __future__ import annotations

from flows.inputs.discovery import Source
from flows.planning.shards import plan_shards


def test_shards_are_cut_by_bytes_and_named_by_their_pages(cut_at):
    cut_at(10)
    sources = [Source(f"/{name}", name, size) for name, size in [("a", 6), ("b", 5), ("c", 50), ("d", 1), ("e", 1)]]
    shards = plan_shards(sources)
    assert [[source.name for source in shard.sources] for shard in shards] == [["a"], ["b"], ["c"], ["d", "e"]]
    assert len({shard.name for shard in shards}) == 4
    assert plan_shards(sources) == shards
    assert plan_shards([]) == []
    assert [shard.name[:5] for shard in plan_shards(sources, first=99_999)] == ["99999", "10000", "10000", "10000"]
