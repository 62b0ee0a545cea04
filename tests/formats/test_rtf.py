"""Rich text: what is shown, what readers may skip, and objects inside."""

from __future__ import annotations

import io

import outlook_files
import pytest

from piiscan.errors import LimitError
from piiscan.formats import rtf
from piiscan.model import Limits, Member, Skipped, Source, Text

NAME = "佐久間 柊太朗"


def source(raw: bytes, name: str = "a.rtf") -> Source:
    return Source(name, None, name, io.BytesIO(raw), len(raw))


def escaped(text: str) -> bytes:
    units = text.encode("utf-16-le")
    numbers = [int.from_bytes(units[i : i + 2], "little") for i in range(0, len(units), 2)]
    return "".join(f"\\u{n if n < 32768 else n - 65536}?" for n in numbers).encode()


def narrow(text: str) -> bytes:
    return "".join(f"\\'{b:02x}" for b in text.encode("cp932")).encode()


def texts(raw: bytes) -> dict[tuple[str, bool], str]:
    return {(i.place.location, i.place.hidden): i.text for i in rtf.read(source(raw), Limits()) if isinstance(i, Text)}


HEAD = b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 M;}}"


@pytest.mark.parametrize("write", [escaped, narrow])
def test_text_in_both_spellings(write) -> None:
    assert texts(HEAD + b"\\f0 " + write(NAME) + b"\\par}")["", False].strip() == NAME


def test_characters_beyond_the_first_plane() -> None:
    assert texts(HEAD + escaped("𠮷野 太郎") + b"}")["", False] == "𠮷野 太郎"


def test_what_readers_may_skip() -> None:
    raw = (
        HEAD
        + b"x{\\*\\annotation "
        + escaped(NAME)
        + b"}{\\*\\bkmkstart "
        + narrow("山田様")
        + b"}{\\*\\themedata 616263}}"
    )
    assert texts(raw) == {("", False): "x", ("asides", True): f"{NAME}\n山田様"}


def test_objects_are_members() -> None:
    ole = outlook_files.compound({"a": b"x"})
    raw = (
        HEAD
        + b"{\\object{\\*\\objdata 01050000"
        + ole.hex().encode()
        + b"}}{\\object{\\*\\objdata "
        + b"00" * 20
        + b"}}}"
    )
    items = list(rtf.read(source(raw), Limits()))
    (member,) = (i for i in items if isinstance(i, Member))
    assert member.stream.read() == ole
    assert Skipped("object 2", "embedded_object") in items


def test_sniff_and_bounds() -> None:
    assert rtf.sniff(source(HEAD, "a.doc")) == 85
    assert rtf.sniff(source(b"{rtf", "a.rtf")) == 0
    with pytest.raises(LimitError):
        list(rtf.read(source(HEAD), Limits(memory_bytes=100)))
