"""Show what was measured: as a table, as a chart, as JSON, and beside what was recorded before."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.trials import Figure

RECORDED = Path(__file__).parent / "recorded.json"
MAX_FALL = 0.2  # of a ratio, below what is recorded of it


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    lines = ["| part | what | rate | ratio (spread) | against |", "| --- | --- | --- | --- | --- |"]
    for one in figures:
        value = f"{one.value:,.3g}" if one.value < 1000 else f"{one.value:,.0f}"
        spread = "" if one.low == one.high else f" ({one.low:.3g}–{one.high:.3g})"
        name = one.name.replace("<", "&lt;")
        lines.append(f"| {one.part} | {name} | {value} {one.unit} | {one.ratio:.3g}{spread} | {one.against} |")
    return "\n".join(lines)


def machine() -> dict[str, str]:
    """Return what the figures depend on beside the code."""
    models = [line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _cpuinfo() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def write(figures: Sequence[Figure], folder: Path, asked: dict[str, object]) -> None:
    """Write the figures into a folder: results.json, table.md and chart.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {"machine": machine(), "asked": asked, "figures": [asdict(one) for one in figures]}
    (folder / "results.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "table.md").write_text(table(figures) + "\n", encoding="utf-8")
    draw([one for one in figures if one.part.startswith(("text", "html"))], folder / "chart.svg")


def draw(figures: Sequence[Figure], path: Path) -> None:
    """Draw the rates of dehusk and its peers, part by part, on a logarithmic scale."""
    if not figures:
        return
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "dehusk"
    from matplotlib import pyplot

    parts = list(dict.fromkeys(one.part for one in figures))
    counts = [sum(one.part == part for one in figures) for part in parts]
    drawn, axes = pyplot.subplots(
        len(parts), 1, figsize=(8, 0.8 * len(parts) + 0.32 * sum(counts)), squeeze=False, height_ratios=counts
    )
    for axis, part in zip(axes[:, 0], parts, strict=True):
        bars = sorted((one for one in figures if one.part == part), key=lambda one: one.value)
        colours = ["#0b7285" if one.name.startswith("dehusk") else "#adb5bd" for one in bars]
        held = axis.barh([one.name for one in bars], [one.value for one in bars], color=colours)
        axis.bar_label(held, labels=[f" {one.value:.3g}" for one in bars])
        axis.set(title=f"{part} ({bars[0].unit})", xscale="log")
        axis.margins(x=0.15)
        axis.spines[["top", "right"]].set_visible(False)
    drawn.tight_layout()
    drawn.savefig(path, metadata={"Date": None})


def fallen(figures: Iterable[Figure], size: int) -> Iterator[str]:
    """Yield a sentence for each ratio that is a fifth worse than what is recorded of it for corpora of `size` megabytes."""
    known = {(one["part"], one["name"]): one["ratio"] for one in recorded().get(str(size), ())}
    for one in figures:
        before = known.get((one.part, one.name))
        if before is None:
            continue
        gone = one.ratio / before if one.better == "higher" else before / one.ratio
        if gone < 1 - MAX_FALL:
            yield f"{one.part}: {one.name} has a ratio of {one.ratio:.3g}; {before:.3g} is recorded"


def recorded() -> dict[str, list[dict[str, Any]]]:
    """Return the ratios recorded for each size of corpora, in megabytes."""
    return json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}


def record(figures: Sequence[Figure], size: int) -> None:
    """Record ratios as what later ones are held to; those of parts that were not measured stay."""
    new = {one.part for one in figures}
    kept = [one for one in recorded().get(str(size), ()) if one["part"] not in new]
    said = [{"part": one.part, "name": one.name, "ratio": round(one.ratio, 4)} for one in figures]
    RECORDED.write_text(
        json.dumps({**recorded(), str(size): [*kept, *said]}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
