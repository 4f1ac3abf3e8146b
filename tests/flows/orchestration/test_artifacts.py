from __future__ import annotations

import json

from flows.execution.run import run
from flows.options import RunOptions
from flows.orchestration.artifacts import _as_markdown


def test_the_summary_names_the_fields_of_rows_and_counts_files_passed_over(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.jsonl").write_text(json.dumps({"text": "The ferry is back.", "id|<b>": 1}), encoding="utf-8")
    (tmp_path / "pages" / "b.docx").write_bytes(b"x")
    shown = _as_markdown(run(RunOptions((str(tmp_path / "pages"),), str(tmp_path / "out"))))
    assert "| passed over: not a page | 1 |" in shown
    assert "- fields of the only row: text from &#39;text&#39;" in shown
    assert "- fields of the rows that are not used: &#39;id&#124;&#60;b&#62;&#39;" in shown
