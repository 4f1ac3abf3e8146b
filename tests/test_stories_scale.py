"""The measure of very many stories: its records are the same ones every time, and tell stories again and again."""

from __future__ import annotations

from collections import Counter

from tests.stories_scale import main, record, vocabulary


def test_records_tell_some_stories_often_and_others_once():
    words = vocabulary()
    records = [record(number, 400, words) for number in range(400)]
    assert records[:9] == [record(number, 400, words) for number in range(9)]
    assert len({one.id for one in records}) == len({(one.page.path, one.position) for one in records}) == 400
    titles = Counter(one.title.partition(" | ")[0] for one in records)
    assert 60 < len(titles) <= 100
    assert max(titles.values()) > 5 > min(titles.values())


def test_each_step_is_measured(tmp_path, capsys):
    main(["--records", "60", "--a-shard", "20", "--keep", str(tmp_path / "out")])
    printed = capsys.readouterr().out
    assert [line.partition(":")[0] for line in printed.splitlines()[1:]] == [
        "sketches",
        "update",
        "a further shard",
        "stories.db",
    ]
    assert printed.startswith("60 records in 3 shards")
    assert any((tmp_path / "out" / "stories").iterdir())
