"""The JSON reports are what the schema says, hold everything, and are safe to print and to store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import piiscan
from piiscan.reports._document import dumps
from piiscan.reports._words import entity_label

Written = Callable[..., str]
SCHEMA = json.loads((Path(piiscan.__file__).parent / "schemas" / "report-1.json").read_text(encoding="utf-8"))


def strict(schema: Any) -> Any:
    """The schema with nothing allowed that it does not name, so that a new field cannot slip in undescribed."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        return closed | {"additionalProperties": False} if "properties" in schema else closed
    return [strict(value) for value in schema] if isinstance(schema, list) else schema


def validate(document: object, part: str | None = None) -> None:
    schema = strict(SCHEMA)
    if part:
        schema = {"$schema": schema["$schema"], "$defs": schema["$defs"], "$ref": f"#/$defs/{part}"}
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(document)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_document_is_valid(written: Written, lang: str) -> None:
    validate(json.loads(written("json", lang=lang)))


def test_lines_are_valid(written: Written) -> None:
    lines = written("jsonl").splitlines()
    assert len(lines) == 3
    for line in lines:
        validate(json.loads(line), "file")


def test_schema_refuses_what_is_wrong(written: Written) -> None:
    document = json.loads(written("json"))
    document["files"][0]["tables"][0]["columns"][0]["value"] = "x"
    with pytest.raises(jsonschema.ValidationError):
        validate(document)


def test_document_holds_what_was_found(written: Written) -> None:
    document = json.loads(written("json", lang="en"))
    assert document["started"] == "2026-11-21T09:00:00+09:00"
    assert document["seconds"] == 1.235
    assert document["summary"]["damage_yen"] == 17640000
    first, locked, odd = document["files"]
    name, phone, other = first["tables"][0]["columns"]
    assert name == {
        "index": 0,
        "ref": "A",
        "name": "お名前",
        "entity": "person_name",
        "confidence": 0.99,
        "values": 2940,
        "matches": 2938,
        "shape": "漢漢 漢漢",
        "evidence": ["header", "lexicon"],
    }
    assert phone["subtype"] == "mobile"
    assert (other["ref"], other["entity"]) == ("D", None)
    assert first["tables"][0]["header_rows"] == [3]
    assert first["findings"][0]["hidden"] is True
    assert first["severity"]["triggers"] == [{"rule": "appi-7-4", "persons": 2940, "threshold": 1000}]
    sentence = f"It holds {entity_label('my_number', 'en')} (3)."
    assert first["severity"]["why"] == ["2,940 people are identified.", sentence]
    assert [s["reason"] for s in first["skipped"]] == ["embedded_object", "image"]
    assert locked["skipped"] == [
        {"location": "", "reason": "encrypted", "message": locked["skipped"][0]["message"]},
    ]
    assert "--password-file" in locked["skipped"][0]["message"]
    assert odd["skipped"] == []


def test_names_come_back_as_they_were(written: Written) -> None:
    document = json.loads(written("json"))
    assert document["files"][2]["path"] == "\udc83\x1b]0;x\x07.csv"


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_text_is_safe_to_print_and_to_encode(written: Written, name: str) -> None:
    text = written(name)
    text.encode("utf-8")
    assert "顧客一覧" in text
    assert not set(text) & set("\x1b\x07\r\x9b\u202e\udc83")


@pytest.mark.parametrize("text", ["\ud800", "\U000e0041", "\u2028", "\x7f", "\ufeff", "ー𠮷"])
def test_dumps_keeps_every_character(text: str) -> None:
    dumped = dumps([text])
    assert json.loads(dumped) == [text]
    dumped.encode("utf-8")


def test_lines_come_before_the_scan_is_over(make_run: Callable[..., Any], tmp_path: Path) -> None:
    import io
    from dataclasses import replace

    from piiscan.reports import reports

    out = io.StringIO()
    seen: list[int] = []

    def watched() -> Any:
        for report in list(make_run().files):
            seen.append(out.getvalue().count("\n"))
            yield report

    reports()["jsonl"].write(replace(make_run(), files=watched()), out)
    assert seen == [0, 1, 2]
