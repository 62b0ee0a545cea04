"""What a Python program calls."""

from __future__ import annotations

import pandas as pd
import pytest

import piiscan
from piiscan.model import Records


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame(index=[1, 2])])
def test_a_frame_without_columns_is_an_empty_table(frame: pd.DataFrame) -> None:
    table = piiscan.scan_frame(frame)
    assert (table.rows, table.records, table.persons, table.columns) == (len(frame), Records.NONE, 0, ())
    assert piiscan.redact_frame(frame).equals(frame)


def test_a_frame_of_people() -> None:
    table = piiscan.scan_frame(pd.DataFrame({"氏名": ["山田 太郎", "佐藤 花子", "鈴木 一郎"]}))
    assert (table.rows, table.persons, table.columns[0].entity) == (3, 3, "person_name")
