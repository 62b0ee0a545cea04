"""Compound files whose chains go in circles or whose sizes are lies: read as far as a file of that size can go."""

from __future__ import annotations

import io
import resource
import struct
import sys
import time
from pathlib import Path

import biff_files as biff
import outlook_files
import pytest
import test_xls

from piiscan.formats._compound import Compound
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Source

sys.path.insert(0, str(Path(__file__).parents[1] / "places"))
import macro_files

#: Less than would be refused for its size alone.
CLAIMED = 250 << 20


def looked_at(data: bytes, name: str) -> FileReport:
    return inspect(Source(name, None, name, io.BytesIO(data), len(data)), knowledge(), Limits(), b"k" * 32).reports[0]


def endless(data: bytes, stream: str) -> bytes:
    """The file with a stream that claims 250 MB, from one sector that is followed by itself."""
    out = bytearray(data)
    entry = data.index((stream + "\0").encode("utf-16-le"))
    (first,) = struct.unpack_from("<I", data, entry + 116)
    struct.pack_into("<Q", out, entry + 120, CLAIMED)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", out, 512 + 512 * table + 4 * first, first)
    return bytes(out)


def test_a_chain_in_circles_ends_with_the_file() -> None:
    data = endless(outlook_files.compound({"Strange": b"abc" * 2000}), "Strange")
    with Compound(io.BytesIO(data), Limits()) as file:
        assert 0 < len(file.read(("Strange",))) <= len(data)


@pytest.mark.parametrize(
    ("name", "stream", "data"),
    [
        ("a.ppt", "PowerPoint Document", outlook_files.compound({"PowerPoint Document": struct.pack("<HHI", 0, 0x0FA0, 4) + "山田".encode("utf-16-le"), "Current User": bytes(30)})),
        ("a.doc", "WordDocument", test_xls.word("山田", "x")),
        ("a.xls", "Workbook", biff.workbook(biff.stream([("a", b"")]).ljust(5000, b"\0"))),
        ("a.bin", "Contents", outlook_files.compound({"Contents": b"words of somebody " * 300})),
        ("macros.bin", "Module1", outlook_files.compound(macro_files.streams("x"))),
        ("a.msg", "__properties_version1.0", outlook_files.compound({"__properties_version1.0": bytes(5000)})),
    ],
)  # fmt: skip
def test_no_time_and_memory_go_into_circles(name: str, stream: str, data: bytes) -> None:
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    looked_at(endless(data, stream), name)
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_a_mini_stream_that_claims_too_much() -> None:
    data = bytearray(endless(outlook_files.compound({"Strange": b"abc" * 2000}), "Strange"))
    (circle,) = struct.unpack_from("<I", data, data.index("Strange".encode("utf-16-le")) + 116)
    struct.pack_into("<II", data, 60, circle, CLAIMED // 512)  # where its table begins, and in how many sectors
    struct.pack_into("<IQ", data, data.index("Root Entry".encode("utf-16-le")) + 116, circle, CLAIMED)
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    looked_at(bytes(data), "a.bin")
    assert time.process_time() - start < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000


def test_strings_in_a_sea_of_them_take_little_memory() -> None:
    """An ordinary repeat of a group keeps fifty bytes for every time that it was repeated."""
    from piiscan.formats._binary_strings import wide_strings

    data = "山田".encode("utf-16-le") * 2_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [len(text) for text in wide_strings(data)] == [4_000_000]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000
