"""What people read: everything that matters is there in words, and nothing in a name can take over the terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from rich.cells import cell_len

from piiscan.model import FileReport, Level, Skipped, Status
from piiscan.reports import reports
from piiscan.reports.console import level_words

Written = Callable[..., str]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "said",
    [
        "営業/顧客一覧.xlsx",
        "重大 (critical)",
        "個人 2,940人",
        "漏えい時の想定損害額 17,640,000円（1人あたり 6,000円）",
        "漏えいすると報告義務: 1,000人を超える個人データ（個人情報保護法施行規則7条4号）、対象 2,940人",
        "Sheet1 [非表示]: 4行目から2,940行、個人、個人 2,940人",
        "お名前",
        "2,938/2,940",
        "99%",
        "漢漢 漢漢",
        "見出し、辞書",
        "(携帯)",
        "個人情報のない列: 1",
        "（コメント）: 5件 (Sheet1!H1, Sheet1!H2, Sheet1!H3 ほか2か所) [ファイルを開いても見えない]",
        "[一部だけ読み取り]",
        "未読 xl/embeddings/oleObject1.bin: piiscan が読み取れない埋め込みオブジェクトがあります。",
        "対象外 xl/media/image1.png: 画像",
        "[パスワード付き]",
        "パスワードで保護されています。--password-file",
        "読み切れなかったファイル 2（中身は分かりません）",
        "ファイル 3、すべて読めた 1、個人情報なし 1",
        "漏えいすると個人情報保護委員会への報告が必要なファイルがあります。",
        "個人 2,940人以上",
    ],
)
def test_says(written: Written, said: str) -> None:
    assert said in written("console", lang="ja")


def test_says_it_in_english(written: Written) -> None:
    text = written("console", lang="en")
    assert "people: 2,940" in text
    assert "estimated damage if lost: 17,640,000 yen (6,000 yen per person)" in text
    assert not re.search("[ぁ-ん]", text.replace("お名前", ""))


def test_a_file_with_nothing_is_one_line_with_verbose_only(written: Written) -> None:
    clean = [FileReport("clean.csv", None, "csv", 3, Status.SCANNED)]
    assert "clean.csv" not in written("console", some=clean)
    assert "clean.csv: nothing found\n" in written("console", some=clean, verbose=True)


def test_a_file_that_was_not_read_is_never_left_out(written: Written) -> None:
    some = [
        FileReport("a.csv", None, None, 3, Status.SKIPPED, "unknown_format"),
        FileReport("b.csv", None, "csv", 3, Status.SCANNED, skipped=(Skipped("x", "macros"),)),
    ]
    text = written("console", some=some)
    assert "a.csv" in text
    assert "b.csv" in text


def test_a_pipe_gets_no_control_characters(written: Written) -> None:
    text = written("console", verbose=True)
    assert not set(text) & set("\x1b\x07\r\x9b\u202e\udc83")
    assert "[red]" in text  # shown, not obeyed


def test_names_cannot_steer_a_terminal(make_run: Callable[..., Any]) -> None:
    out = Terminal()
    reports()["console"].write(make_run(verbose=True), out)
    assert "\x1b]0" not in out.getvalue()
    assert not set(out.getvalue()) & set("\x07\r\x9b\u202e\udc83")
    assert "[red]" in out.getvalue()


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_fits_the_terminal(make_run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm-256color")
    out = Terminal()
    reports()["console"].write(make_run(lang="ja"), out)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert max(cell_len(line) for line in plain.splitlines()) <= width


def test_columns_line_up_under_wide_characters(written: Written) -> None:
    lines = [line for line in written("console", lang="ja").splitlines() if "/2,940" in line]
    assert len({cell_len(line[: line.index("/")]) for line in lines}) == 1


@pytest.mark.parametrize("level", list(Level))
def test_every_level_has_words(level: Level) -> None:
    from piiscan.messages import translator

    assert level.value in level_words(level, translator("ja"))
    assert level_words(level, translator("en")) == level.value
