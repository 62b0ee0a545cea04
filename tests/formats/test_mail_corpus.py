"""Real mails from public repositories, when they are at hand: each is read, no address is lost, copies are identical.

The oracle is the standard library for mails and the raw bytes for Outlook's files; neither shares code with the readers.
"""

from __future__ import annotations

import email
import email.header
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from piiscan.formats import eml, mbox, msg
from piiscan.model import Editor, Limits, Member, Source, Text

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
if not (CORPUS / "mails.json").exists():
    pytest.skip("the corpus of mails is not here", allow_module_level=True)

MAILS: list[dict[str, Any]] = json.loads((CORPUS / "mails.json").read_text())
FORMATS = {"eml": eml.FORMAT, "mbox": mbox.FORMAT, "msg": msg.FORMAT}
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
#: Identifiers of messages and parts look like addresses and are left out on purpose, wherever they are named.
IDENTIFIER = re.compile(
    r"(?:\bid|(?:message|content)-id:|references:|in-reply-to:|cid:)\s*<?[^\s<>\"]+>?(?:\s*<[^\s<>]+>)*", re.IGNORECASE
)
MACHINE = {"message-id", "references", "in-reply-to", "content-id", "dkim-signature", "domainkey-signature", "date",
           "x-google-dkim-signature", "resent-message-id"}  # fmt: skip


def load(mail: dict[str, Any]) -> bytes:
    return (CORPUS / "files" / mail["repo"].replace("/", "+") / mail["path"]).read_bytes()


def source(data: bytes, name: str) -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def everything(data: bytes, kind: str, depth: int = 0) -> str:
    """All texts of a mail, and of mails in it, and what its other members hold as bytes."""
    out = []
    for item in FORMATS[kind].read(source(data, f"a.{kind}"), Limits()):
        if isinstance(item, Text):
            out.append(item.text)
        elif isinstance(item, Member):
            content = item.stream.read()
            out.append(
                everything(content, "eml", depth + 1)
                if item.name.endswith(".eml") and depth < 5
                else content.decode("latin-1")
            )
    return "\n".join(out)


def oracle(data: bytes) -> str:
    """Headers and decoded texts as the standard library sees them."""
    out = []
    parts = [email.message_from_bytes(data)]
    while parts:
        part = parts.pop()
        for name, value in part.raw_items():
            if name.lower() not in MACHINE:
                out.append(decoded_header(str(value)))
        payload = part.get_payload()
        if isinstance(payload, list):
            parts += payload
        elif part.get_content_maintype() in ("text", "multipart"):
            raw = part.get_payload(decode=True) or b""
            try:
                out.append(raw.decode(part.get_content_charset() or "latin-1", "replace"))
            except LookupError:
                out.append(raw.decode("latin-1"))
        out += [t for t in (part.preamble, part.epilogue) if t]
    return IDENTIFIER.sub(" ", "\n".join(out))


def decoded_header(value: str) -> str:
    if "=?" not in value:
        return value
    try:
        pieces = email.header.decode_header(value)
        return "".join(b.decode(c or "latin-1", "replace") if isinstance(b, bytes) else b for b, c in pieces)
    except (LookupError, ValueError):
        return value


@pytest.mark.slow
def test_every_mail_is_read_and_no_address_is_lost() -> None:
    known = lost = 0
    for mail in MAILS:
        data = load(mail)
        shown = everything(data, mail["format"])
        if mail["format"] != "eml":
            continue
        joined = re.sub(r"\n", "", shown)
        for address in set(ADDRESS.findall(oracle(data))):
            known += 1
            lost += address not in shown and address not in joined
    assert (len(MAILS), lost) == (382, 0)
    assert known > 700


@pytest.mark.slow
def test_outlook_messages_show_every_address_that_their_strings_hold() -> None:
    known: set[tuple[str, str]] = set()
    lost: set[tuple[str, str]] = set()
    for mail in MAILS:
        if mail["format"] != "msg":
            continue
        data = load(mail)
        shown = everything(data, "msg").lower()
        wide = data.decode("utf-16-le", "ignore") + data[1:].decode("utf-16-le", "ignore")
        # Search keys are in upper case; identifiers of messages are long.
        found = {a for a in ADDRESS.findall(wide) if a == a.lower() and len(a) < 40}
        known |= {(mail["path"], a) for a in found}
        lost |= {(mail["path"], a) for a in found if a not in shown and a[:-1] not in shown}
    # One piece of an identifier is left, cut by the border of a sector; names are compared so that no real one hides.
    assert len(known) > 200
    assert {address for _, address in lost} <= {"b4d9d9@hmailserver.test"}


@pytest.mark.slow
def test_copies_without_a_change_are_identical() -> None:
    same = refused = 0
    for mail in MAILS:
        if mail["format"] != "eml":
            continue
        data, out = load(mail), io.BytesIO()
        try:
            eml.rewrite(source(data, "a.eml"), out, Editor(lambda *_: None, lambda *_: None, lambda *_: None), Limits())
        except eml.UnsafeCopyError:
            refused += 1
        else:
            same += out.getvalue() == data
    assert (same, refused) == (323, 1)
