"""The measure of plans of very many inputs: its listings are the same ones every time, and its archives are cut."""

from __future__ import annotations

from tests.plan_scale import made_files, main


def test_made_files_are_many_and_of_all_sizes():
    files = [*made_files(2_500)]
    assert files == [*made_files(2_500)]
    assert len({source.name for source in files}) == len({source.stamp for source in files}) == 2_500
    assert len({source.size for source in files}) > 1_000
    assert [source.name for source in files] != sorted(source.name for source in files)


def test_each_plan_is_measured(tmp_path, capsys):
    main(["--files", "300", "--archives", "3", "--delay", "0", "--dir", str(tmp_path)])
    printed = [line.split("; ") for line in capsys.readouterr().out.splitlines()]
    assert [(line[0].partition(":")[0], line[1]) for line in printed] == [
        ("first plan", "1 shards to clean, 0 inputs unchanged"),
        ("nothing new", "0 shards to clean, 300 inputs unchanged"),
        ("other rules", "1 shards to clean, 0 inputs unchanged"),
        ("archives, each answer 0.0 s late", "6 shards to clean, 0 inputs unchanged"),
    ]
    assert [*tmp_path.iterdir()] == []
