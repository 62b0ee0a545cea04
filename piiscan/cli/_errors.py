"""What standard error says when a run ends early: one line, with the next step, and never a value or foreign text."""

from __future__ import annotations

import os
import sys
import traceback
from enum import Enum
from pathlib import Path

from piiscan import messages
from piiscan.errors import ExitCode
from piiscan.text import printable

_PACKAGE = Path(__file__).parent.parent


def tell(line: str) -> None:
    """One line on standard error. A closed standard error is nobody's loss."""
    try:
        sys.stderr.write(f"piiscan: {line}\n")
    except OSError:
        return


def of_parser(error: Exception, lang: str) -> str:
    """A mistake on the command line in the reader's words; what the parser knows is read from its attributes."""
    kind = type(error).__name__
    hint = getattr(error, "ctx", None)
    path = getattr(hint, "command_path", "piiscan")
    reason, params = _reason(kind, error)
    message = messages.render(reason, params, lang)
    say = messages.translator(lang)
    return f"{message} {messages.fill(say('See: {command} --help'), {'command': path})}"


def _reason(kind: str, error: Exception) -> tuple[str, dict[str, str | int]]:
    option = str(getattr(error, "option_name", ""))
    param = getattr(error, "param", None)
    name = printable(str(getattr(param, "metavar", None) or "").strip("[].…") if _is_argument(param) else _long(param))
    if kind == "NoSuchOption":
        near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
        return ("usage_no_such_option_near" if near else "usage_no_such_option"), {"name": option, "near": near}
    if kind == "MissingParameter":
        return "usage_missing", {"name": name}
    if kind == "BadOptionUsage":
        return "usage_option_without_value", {"name": option}
    if kind == "BadParameter":
        kinds = getattr(getattr(param, "type_descriptor", None), "annotation", None)
        if isinstance(kinds, type) and issubclass(kinds, Enum):
            return "usage_bad_choice", {"name": name, "choices": ", ".join(str(choice.value) for choice in kinds)}
        return "usage_bad_value", {"name": name}
    return _by_text(str(getattr(error, "message", "")))


def _by_text(message: str) -> tuple[str, dict[str, str | int]]:
    """The two mistakes that the parser tells apart by text alone."""
    if message.startswith("No such command"):
        return "usage_no_such_command", {"name": message.split("'")[1] if "'" in message else ""}
    if message.startswith("Got unexpected extra argument"):
        return "usage_extra_argument", {}
    if message.startswith("Missing command"):
        return "usage_missing", {"name": "COMMAND"}
    return "usage_other", {}


def _is_argument(param: object) -> bool:
    return getattr(param, "param_type_name", "") == "argument"


def _long(param: object) -> str:
    opts: list[str] = list(getattr(param, "opts", ()) or ())
    return max(opts, key=len, default="")


def of_output(error: OSError, lang: str) -> int:
    """What becomes of a result that cannot be written."""
    if isinstance(error, BrokenPipeError):
        # Whoever read the result has left, as `| head` does; the rest has nowhere to go.
        _let_go_of_stdout()
        return ExitCode.INTERRUPTED
    return of_accident(error, lang)


def _let_go_of_stdout() -> None:
    """Points standard output at nothing, so that the interpreter's last flush does not complain."""
    try:
        target = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, target)
    os.close(nothing)


def of_accident(error: BaseException, lang: str) -> int:
    """Tells of an exception nobody expected by its type and the line in piiscan; its text may hold a cell's content."""
    say = messages.translator(lang)
    if _is_interrupt(error):
        return ExitCode.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _DISK:
        tell(messages.fill(say("The result could not be written: {kind}."), {"kind": type(error).__name__}))
        return ExitCode.INCOMPLETE
    message = say("This is a bug in piiscan: {kind} at {place}. Please report this line; it holds none of your data.")
    tell(messages.fill(message, {"kind": type(error).__name__, "place": _place(error)}))
    return ExitCode.BUG


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether an interrupt is behind an exception: amid the making of a class Python turns it into another."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


#: No space left on the device; input/output error.
_DISK = frozenset({28, 5})


def _place(error: BaseException) -> str:
    """``piiscan/judge/columns.py:120``: the innermost line of piiscan's own that the exception passed."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE):
            return f"piiscan/{file.relative_to(_PACKAGE).as_posix()}:{line}"
    return "?"
