"""``scan_frame`` and ``redact_frame``: what stands in columns, in their labels, and in the index."""

from __future__ import annotations

import pandas as pd
import pytest

import piiscan

PEOPLE = ["佐藤 花子", "鈴木 一郎", "高橋 健一"]
MAILS = [f"u{n}@example.jp" for n in range(3)]


def test_people_in_the_index_are_seen_and_go() -> None:
    frame = pd.DataFrame({"点": [1, 2, 3]}, index=pd.Index(PEOPLE, name="氏名"))
    table = piiscan.scan_frame(frame)
    assert [(c.name, c.entity) for c in table.columns] == [("点", None), ("氏名", "person_name")]
    copy = piiscan.redact_frame(frame)
    assert list(copy.index) == ["■■ ■■"] * 3
    assert copy.index.name == "氏名"
    assert copy["点"].tolist() == [1, 2, 3]
    assert list(frame.index) == PEOPLE


def test_an_index_of_several_levels() -> None:
    index = pd.MultiIndex.from_arrays([PEOPLE, MAILS], names=["氏名", "メール"])
    copy = piiscan.redact_frame(pd.DataFrame({"点": [1, 2, 3]}, index=index))
    assert copy.index.names == ["氏名", "メール"]
    assert not set(copy.index.get_level_values("メール")) & set(MAILS)
    assert set(copy.index.get_level_values(0)) == {"■■ ■■"}


@pytest.mark.parametrize(
    "index", [pd.RangeIndex(3), pd.Index([5, 7, 9]), pd.date_range("2026-01-01", periods=3), pd.Index(list("abc"))]
)
def test_an_index_without_people_stays(index: pd.Index) -> None:
    frame = pd.DataFrame({"氏名": PEOPLE, "メール": MAILS, "点": [1, 2, 3]}, index=index)
    copy = piiscan.redact_frame(frame)
    assert copy.index.equals(frame.index)
    assert list(copy.columns) == ["氏名", "メール", "点"]
    assert copy["氏名"].tolist() == ["■■ ■■"] * 3


def test_people_who_are_labels_of_columns_go() -> None:
    frame = pd.DataFrame([["国語", 1, 2, 3], ["数学", 4, 5, 6]], columns=["科目", *PEOPLE])
    assert list(piiscan.redact_frame(frame).columns) == ["科目", *["■■ ■■"] * 3]
