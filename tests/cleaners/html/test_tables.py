"""Rows of tables: one line each where a table holds data, else as the blocks that they are."""

from __future__ import annotations

import pytest

from cleaners import read_html

ROW = "<tr><td>{}</td><td>{}</td></tr>"
DATA = ROW.format("Ben Okoro", "31:40") + ROW.format("Ida Moss", "32:05")
PROSE = "The council voted to close the old swing bridge to lorries from March."


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        (f"<table>{DATA}</table>", ["Ben Okoro\t31:40", "Ida Moss\t32:05"]),
        (f"<table role=presentation>{DATA}</table>", ["Ben Okoro", "31:40", "Ida Moss", "32:05"]),
        (f"<table>{ROW.format('Ben Okoro', '31:40')}</table>", ["Ben Okoro", "31:40"]),
        (
            f"<table>{DATA}{ROW.format('Map', '<ul><li>North<li>South</ul>')}</table>",
            ["Ben Okoro", "31:40", "Ida Moss", "32:05", "Map", "North", "South"],
        ),
        (f"<table>{ROW.format('A', f'<table>{DATA}</table>')}</table>", ["A", "Ben Okoro\t31:40", "Ida Moss\t32:05"]),
    ],
    ids=["of data", "of a layout by its role", "of one row", "with a list in a cell", "within a table"],
)
def test_rows_of_a_table_of_data_are_lines(table: str, lines: list[str]) -> None:
    page = read_html(f"<p>{PROSE}</p>{table}<p>{PROSE} It said so.</p>")
    assert page.text.split("\n")[1:-1] == lines
