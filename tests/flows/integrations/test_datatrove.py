"""The step for datatrove, in a pipeline of its own; and what dehusk writes, read by its reader."""

from __future__ import annotations

import json

import pytest

from cleaners import Segment, clean_page, replay
from tests.cleaners.segmentation.test_page_type import product
from tests.conftest import ROOT
from tests.support.command import dehusk
from tests.support.extras import skip_without
from tests.support.warcs import HTML, SAID

pytestmark = pytest.mark.slow
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


@pytest.fixture(autouse=True)
def _datatrove():
    skip_without("datatrove", "orjson")


def documents():
    from datatrove.data import Document

    seeds = [Document(text=seed.read_text(), id=seed.name, metadata={"date": "2025-07-05T12:00:00Z"}) for seed in SEEDS]
    html = Document(text=HTML.format("Old crane to go", SAID), id="crane", metadata={"url": "https://quaypost.example/crane"})
    return [*seeds, html, Document(text=" ", id="blank"), Document(text=product(), id="product")]


def test_each_record_is_a_document_with_its_part_of_the_ledger(tmp_path):
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    from flows.integrations.datatrove import Dehusk

    given = {document.id: document.text for document in documents()}
    left_out = JsonlWriter(str(tmp_path), output_filename="out.jsonl", compression=None)
    step = Dehusk(exclusion_writer=left_out)
    found = [*step(documents())]
    records = [clean_page(given[seed.name]).records for seed in SEEDS]
    assert [document.text for document in found[:-1]] == [record.text for of_page in records for record in of_page]
    assert (found[-1].metadata["title"], found[-1].metadata["document"]["url"]) == (
        "Old crane to go",
        "https://quaypost.example/crane",
    )
    pages: dict[str, list[dict[str, object]]] = {}
    for document in found:
        pages.setdefault(document.metadata["document"]["id"], []).append(document.metadata["ledger"])
        text = pages[document.metadata["document"]["id"]][0]["text"] or given[document.metadata["document"]["id"]]
        segments = [
            Segment(**{name: value if value != "" else None for name, value in segment.items()})
            for segment in document.metadata["ledger"]["segments"]
        ]
        assert replay(text, segments, document.id, "text") == document.text
    for page, ledgers in pages.items():
        text = ledgers[0]["text"] or given[page]
        seen = sorted((segment["start"], segment["end"]) for ledger in ledgers for segment in ledger["segments"])
        gaps = zip([0, *(end for _, end in seen)], [*(start for start, _ in seen), len(text)], strict=True)
        assert not "".join(text[start:end] for start, end in gaps).strip()
    excluded = {row["id"]: row["metadata"] for row in map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())}
    assert (excluded["blank"]["filter_reason"], excluded["product"]["filter_reason"]) == ("empty", "no-story")
    assert step.stats.stats["dropped"].total == 2


def test_a_pipeline_runs_it(tmp_path):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter

    from flows.integrations.datatrove import Dehusk

    (tmp_path / "in").mkdir()
    rows = "".join(json.dumps({"id": item.id, "text": item.text, **item.metadata}) + "\n" for item in documents())
    (tmp_path / "in" / "pages.jsonl").write_text(rows)
    steps = [JsonlReader(str(tmp_path / "in")), Dehusk(), JsonlWriter(str(tmp_path / "out"), compression=None)]
    LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir=str(tmp_path / "logs")).run()
    written = [json.loads(line) for file in (tmp_path / "out").iterdir() for line in file.read_text().splitlines()]
    assert len(written) == 9
    assert {row["metadata"]["kind"] for row in written} == {"article", "story"}


def test_its_reader_reads_our_records(tmp_path):
    from datatrove.pipeline.readers import JsonlReader

    dehusk("run", str(ROOT / "seeds"), "--out", str(tmp_path / "out"), "--no-prefect", "--quiet")
    found = [*JsonlReader(str(tmp_path / "out" / "records"))()]
    records = [json.loads(line) for file in (tmp_path / "out" / "records").iterdir() for line in file.read_text().splitlines()]
    assert [(item.id, item.text, item.metadata["page"]) for item in found] == [
        (record["id"], record["text"], record["page"]) for record in records
    ]
