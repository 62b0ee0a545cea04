"""Takes masks for what they are: a cell that only shows the outline of a value holds none.

A copy that piiscan made, or anybody else, has ■■ ■■ and ***-****-**** under the headers 氏名 and 電話. The headers say
names and telephones, so the cells must not be counted as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from piiscan.columnar import Values
from piiscan.model import Batch
from piiscan.shaped import later

_LETTER = "0-9A-Za-z０-９Ａ-Ｚａ-ｚぁ-ゖァ-ヺー㐀-鿿豈-﫿々ｦ-ﾟ"
#: Only signs, and among them a black square or two stars; or a kind in brackets, as the label action writes it.
MASKED = rf"[^{_LETTER}]*(?:■|[*＊][^{_LETTER}]*[*＊])[^{_LETTER}]*|[0-9]{{3}}-\*{{4}}|〔[^〔〕]{{1,20}}〕"
_MASKED = later(MASKED)
#: Every mask has one of these, and hardly anything else in a table does.
SIGNS = ("■", "*", "＊", "〔")


def without_masks(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches with every cell that is nothing but a mask made empty.

    When the first batch, thousands of rows, has no mask, the others are passed on unseen: at worst a mask is counted.
    """
    masks = True
    for number, batch in enumerate(batches):
        columns = {index: _blanked(values) for index, values in batch.columns.items()} if masks else batch.columns
        changed = any(columns[index] is not values for index, values in batch.columns.items())
        masks = masks and (number > 0 or changed)
        yield Batch(batch.rows, columns) if changed else batch


def _blanked(values: Values) -> Values:
    """The same object when there is no mask in it."""
    if isinstance(values, list):
        joined = "\n".join(values)
        if not any(sign in joined for sign in SIGNS):
            return values
        masks = {text for text in set(values) if _MASKED.fullmatch(text.strip())}
        return ["" if text in masks else text for text in values]
    import polars as pl

    if not values.str.contains_any(list(SIGNS)).any():
        return values
    masked = values.str.strip_chars().str.contains(f"^(?:{MASKED})$")
    return (
        pl.select(pl.when(masked.fill_null(value=False)).then(pl.lit("")).otherwise(values))
        .to_series()
        .alias(values.name)
    )
