"""Compiles piiscan/locale/*/LC_MESSAGES/*.po to .mo; with --check only says whether they are up to date (exit 1).

GNU gettext's binary format: https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
"""

from __future__ import annotations

import ast
import struct
import sys
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "piiscan" / "locale"


def read_po(text: str) -> dict[str, str]:
    """msgid → msgstr of a .po file; raises ``ValueError`` with the line of what this small reader does not know."""
    entries: dict[str, str] = {}
    parts: dict[str, str] = {}
    field = ""
    fuzzy = next_fuzzy = False

    def close() -> None:
        if "msgid" in parts and not fuzzy:
            if parts["msgid"] in entries:
                raise ValueError(f"twice: {parts['msgid']}")
            entries[parts["msgid"]] = parts.get("msgstr", "")

    for number, line in enumerate([*text.splitlines(), 'msgid ""'], 1):
        line = line.strip()
        if line.startswith("#"):
            next_fuzzy = next_fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif line.startswith("msgid "):
            close()
            parts, field, fuzzy, next_fuzzy = {}, "msgid", next_fuzzy, False
            parts[field] = ast.literal_eval(line[6:])
        elif line.startswith("msgstr "):
            field = "msgstr"
            parts[field] = ast.literal_eval(line[7:])
        elif line.startswith('"') and field:
            parts[field] += ast.literal_eval(line)
        elif line:
            raise ValueError(f"line {number}: not understood")
    return entries


def write_mo(entries: dict[str, str]) -> bytes:
    """The .mo file of ``entries``; what has no translation is left out, so that the msgid shows."""
    pairs = [(k.encode(), v.encode()) for k, v in sorted(entries.items()) if v]
    count = len(pairs)
    tables = 28
    offset = tables + 16 * count
    keys, values = b"", b""
    key_table, value_table = [], []
    for key, _ in pairs:
        key_table += [len(key), offset + len(keys)]
        keys += key + b"\0"
    for _, value in pairs:
        value_table += [len(value), offset + len(keys) + len(values)]
        values += value + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, tables, tables + 8 * count, 0, 0)
    return header + struct.pack(f"<{4 * count}I", *key_table, *value_table) + keys + values


def main(arguments: list[str]) -> int:
    """Compiles, or checks with ``--check``; 0 when all is well."""
    stale = 0
    for po in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        try:
            data = write_mo(read_po(po.read_text(encoding="utf-8")))
        except (ValueError, SyntaxError) as error:
            print(f"{po}: {error}", file=sys.stderr)
            return 1
        mo = po.with_suffix(".mo")
        if "--check" not in arguments:
            mo.write_bytes(data)
        elif not mo.is_file() or mo.read_bytes() != data:
            print(f"{mo} is older than its .po: run python tools/compile_messages.py", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
