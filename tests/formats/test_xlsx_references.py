"""Texts of many cells at once say what each of them says by itself."""

from __future__ import annotations

from random import Random

from piiscan.formats._ooxml_xml import text_of, texts_of

PIECES = (
    *(
        "&amp;",
        "&lt;",
        "&quot;",
        "&apos;",
        "&nbsp;",
        "&copy",
        "&#x",
        "&#0;",
        "&#1;",
        "&#9;",
        "&#10;",
        "&#13;",
        "&#127;",
    ),
    *("&#128;", "&#150;", "&#55357;", "&#63731;", "&#65534;", "&#xfdd0;", "&#x10FFFF;", "&#99999999;", "&", ";", "&;"),
    *("_x000D_", "_x005F_x000D_", "&#95;x000D_", "_x", "_xD83D__xDE00_", "]]>", ">", "日本", "&#26085;&#26412;", "a "),
    *("\t", "\n", "\r", "\x01", "\x80", "\ufffe", "\uf8f3", "\U0001f600", "\U00020bb7"),
)


def test_many_texts_say_what_each_says() -> None:
    rng = Random(5)
    for _ in range(20_000):
        raws = ["".join(rng.choices(PIECES, k=rng.randrange(4))) for _ in range(rng.randrange(1, 5))]
        assert texts_of(raws) == [text_of(raw) for raw in raws]
