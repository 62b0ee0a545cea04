"""Reading rule files: TOML tables with the file and the line of every mistake.

``tomllib`` gives no positions, so the line of a key is looked for by a small scanner, and only when there is a mistake
to report.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from piiscan.errors import UsageError

#: Msgid of every mistake; keys are those of ``Mistake.problem`` and of :data:`piiscan.messages.REASONS`.
PROBLEMS = {
    "rule_no_folder": "There is no such rule folder. Check --rules.",
    "rule_unknown_file": "The name of a rule file must begin with one of: {detail}.",
    "rule_unreadable": "The rule file could not be read ({detail}).",
    "rule_not_utf8": "The rule file is not UTF-8. Save it as UTF-8.",
    "rule_toml": "This is not valid TOML. Correct the line.",
    "rule_type": "{key} must be a {detail}.",
    "rule_range": "{key} must lie between {detail}.",
    "rule_missing_key": "{detail} is missing here.",
    "rule_unknown_key": "The key {detail} is not known.",
    "rule_unknown_entity": "There is no entity called {detail}.",
    "rule_unknown_role": "There is no role called {detail}.",
    "rule_unknown_action": "There is no action called {detail}.",
    "rule_bad_option": "The action does not take {key}; it takes: {detail}.",
    "rule_unknown_profile": "There is no profile called {detail}. A profile can extend only those before it.",
    "rule_unknown_level": "There is no level called {detail}. Use none, low, medium, high or critical.",
    "rule_unknown_group": "There is no group called {detail}.",
    "rule_empty_word": "Nothing is left of the word {detail} when punctuation is taken off.",
    "rule_id": "An id must be lower-case letters, digits and underscores, not {detail}.",
    "rule_id_taken": "{detail} is built in. Give the detector another id.",
    "rule_pattern": "The pattern is not valid: {detail}.",
    "rule_pattern_slow": "The pattern could take too long on some text: {detail}.",
    "rule_example": "The example does not fit the shapes: {key}.",
    "rule_no_recogniser": "The detector needs shapes, a search or headers.",
}

#: A way through the tables of a file: names of tables and keys, and the index of an element of a list.
KeyPath = tuple[str | int, ...]
#: What ``tomllib`` makes of a table.
TomlTable = Mapping[str, object]

_TOML_POSITION = re.compile(r"\(at line (\d+), column \d+\)")
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}=,.\n]|[A-Za-z0-9_-]+|.',
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in a rule file. ``line`` counts from 1; ``problem`` is a msgid that starts with ``rule_``.

    ``key`` is the dotted way to the entry, ``detail`` what the message needs besides: the word that is not known, the
    type that was expected. ``line`` is 0 for a file that could not be opened.
    """

    file: str
    line: int
    problem: str
    key: str = ""
    detail: str = ""

    def error(self) -> UsageError:
        """The mistake as the error that ends a command."""
        return UsageError(self.problem, file=self.file, line=self.line, key=self.key, detail=self.detail)


@dataclass(frozen=True)
class RuleFile:
    """One rule file. ``mistakes`` is filled by those who read its tables; ``folder`` 0 is the built-in one."""

    path: Path
    folder: int
    raw: bytes = field(repr=False)
    data: TomlTable
    mistakes: list[Mistake]

    def report(self, path: KeyPath, problem: str, detail: str = "") -> None:
        """Notes a mistake at the entry that ``path`` leads to."""
        line = line_of(self.raw.decode("utf-8", "replace"), path)
        key = ".".join(str(part) for part in path if isinstance(part, str))
        self.mistakes.append(Mistake(str(self.path), line, problem, key, detail))


def read(path: Path, folder: int) -> RuleFile:
    """The file as parsed; unreadable files and wrong TOML give an empty file that holds the mistake."""
    mistakes: list[Mistake] = []
    raw, data = b"", {}
    try:
        raw = path.read_bytes()
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        mistakes.append(Mistake(str(path), 0, "rule_unreadable", detail=type(error).__name__))
    except UnicodeDecodeError as error:
        mistakes.append(Mistake(str(path), raw.count(b"\n", 0, error.start) + 1, "rule_not_utf8"))
    except tomllib.TOMLDecodeError as error:
        found = _TOML_POSITION.search(str(error))
        line = int(found.group(1)) if found else raw.count(b"\n") + (not raw.endswith(b"\n"))
        mistakes.append(Mistake(str(path), line, "rule_toml"))
    except RecursionError:
        mistakes.append(Mistake(str(path), 1, "rule_toml"))
    return RuleFile(path, folder, raw, data, mistakes)


def line_of(text: str, path: KeyPath) -> int:
    """The line, from 1, on which the entry ``path`` of a TOML text stands, or that of the nearest entry above it."""
    best, depth_of_best = 1, 0
    for place, line in _places(text):
        same = 0
        while same < min(len(place), len(path)) and place[same] == path[same]:
            same += 1
        if same == len(place) and same > depth_of_best:
            best, depth_of_best = line, same
    return best


def _places(text: str) -> Iterator[tuple[KeyPath, int]]:
    """Every table header, key and list element of a TOML text with its line; keys in inline tables as well."""
    line, table, keys = 1, (), []  # type: int, KeyPath, list[str]
    stack: list[tuple[str, KeyPath, int]] = []  # open brackets of values: kind, where, index of the element
    header, at_key, value_path = False, True, ()  # type: bool, bool, KeyPath
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece.isspace() or piece[0] == "#":
            if piece == "\n" and not stack:
                if header and keys:
                    table = tuple(keys)
                    yield table, line
                header, at_key, keys = False, True, []
        elif at_key and not stack and piece == "[" and not keys:
            header = True
        elif at_key and piece == "=":
            base = stack[-1][1] if stack else table
            value_path = (*base, *keys)
            yield value_path, line
            at_key, keys = False, []
        elif at_key and piece not in "[],.":
            if piece == "}":
                at_key, keys = False, []
                stack[-1:] = []
            else:
                keys.append(_unquote(piece))
        elif not at_key:
            at_key, value_path = _value_token(piece, stack, value_path, at_key)
            if stack and stack[-1][0] == "[" and piece not in "[],":
                yield (*stack[-1][1], stack[-1][2]), line
        line += piece.count("\n")


def _value_token(
    piece: str, stack: list[tuple[str, KeyPath, int]], value_path: KeyPath, at_key: bool
) -> tuple[bool, KeyPath]:
    """Follows the brackets of a value; gives whether a key comes next, and the way to the value that is being read."""
    inside: KeyPath = (*stack[-1][1], stack[-1][2]) if stack and stack[-1][0] == "[" else value_path
    if piece == "[":
        stack.append(("[", inside, 0))
    elif piece == "{":
        stack.append(("{", inside, 0))
        return True, inside
    elif piece in "]}" and stack:
        stack.pop()
    elif piece == "," and stack:
        kind, where, index = stack[-1]
        stack[-1] = (kind, where, index + 1)
        return kind == "{", value_path
    return at_key, value_path


def _unquote(piece: str) -> str:
    return piece[1:-1] if piece[0] in "\"'" and len(piece) > 1 else piece
