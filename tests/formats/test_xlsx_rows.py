"""Rows that look alike are read a row at a time, and say what they say cell by cell."""

from __future__ import annotations

from random import Random

import pytest

from piiscan.formats._xlsx_rows import alike
from piiscan.formats._xlsx_stream import cells_of

SHAPES = (
    '<c r="{}"{}><v>{}</v></c>',
    '<c r="{}"{} t="inlineStr"><is><t>{}</t></is></c>',
    '<c r="{}"{} t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>',
)


def sheet(rng: Random, rows: int = 60, *, holes: float = 0.0, odd: str = "") -> str:
    """Rows of four columns, each with its own shape of cells, some of them missing or empty."""
    shapes = [rng.choice(SHAPES) for _ in range(4)]
    out = []
    for row in range(1, rows + 1):
        cells = [
            shape.format(f"{letter}{row}", rng.choice(styles), rng.choice(("", "a&amp;b", "12>", "見本")))
            for letter, shape, styles in zip(
                "ABCD", shapes, ((' s="1"',), ("", ' s="2"'), ("",), (' s="3"',)), strict=True
            )
            if rng.random() >= holes
        ]
        cells += [f'<c r="Z{row}" s="4"/>', f'<c r="AA{row}" t="s"></c>']
        out.append(f'<row r="{row}" spans="1:27">{"".join(cells)}{odd if row == rows - 3 else ""}</row>')
    return "".join(out)


@pytest.mark.parametrize("holes", [0.0, 0.3])
def test_a_row_at_a_time_is_cell_by_cell(holes: float) -> None:
    for seed in range(40):
        chunk = sheet(Random(seed), holes=holes)
        rows, cells = alike(chunk), cells_of(chunk)[0]
        assert rows is not None
        found = {
            (column.letters, line): (raw, value or None)
            for column in rows.columns
            for line, raw, tail, value in zip(rows.lines, column.attributes, column.tails, column.values, strict=True)
            if tail is not None
        }
        assert found == {(letters, row): (raw, value or None) for letters, row, raw, value, _ in cells}
        assert rows.text([{} for _ in rows.columns]) == chunk


@pytest.mark.parametrize(
    "odd",
    [
        '<c r="AB57"><f>A1</f><v>1</v></c>',
        '<c r="AB57"><v>1</v></c>',
        '<c r="A1"><v>1</v></c>',
        "<!-- x -->",
        " ",
        "</row><row>",
        '</row><row r="057">',
        '<c r="D57" s="9"><v>1</v></c>',
    ],
)
def test_what_is_otherwise_is_left_to_others(odd: str) -> None:
    assert alike(sheet(Random(1), odd=odd)) is None


def test_new_cells_stand_where_the_old_ones_did() -> None:
    chunk = sheet(Random(2))
    rows = alike(chunk)
    assert rows is not None
    old = chunk[chunk.index('<c r="A7"') : chunk.index('<c r="B7"')]
    changed = rows.text([{6: "<c/>"}, *({} for _ in rows.columns[1:])])
    assert changed == chunk.replace(old, "<c/>")
    assert rows.text([["<c/>"] * 60, *({} for _ in rows.columns[1:])]).count("<c/>") == 60
