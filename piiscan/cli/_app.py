"""Puts the commands together, translates their help, runs one, and turns every way of ending into an exit code."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from piiscan import __version__, cli, config, messages
from piiscan.cli import _errors, _options, _settings
from piiscan.collecting import postponed
from piiscan.errors import ExitCode, PiiscanError, UsageError
from piiscan.model import Limits

if TYPE_CHECKING:
    from piiscan.workers.pool import Early

Version = Annotated[bool, typer.Option("--version", "-V", help="Show the version and exit.")]


@dataclass(frozen=True)
class Session:
    """What every command knows, as ``ctx.obj``: the language, the function that translates into it, and the bounds.

    ``early``: a worker that is getting ready. ``config``: the configuration file in use, if there is one.
    """

    lang: str
    say: messages.Translate
    limits: Limits = field(default_factory=Limits)
    early: Early | None = None
    config: Path | None = None


def run(arguments: Sequence[str], early: Early | None = None) -> int:
    """Runs one command; every ending but ``SystemExit`` from the interpreter itself comes back as an exit code."""
    _prepare(sys.stdout, sys.stderr)
    lang = messages.language(_settings.value_of("--lang", arguments))
    file: Path | None = None
    settings: Mapping[str, config.Setting] = {}
    try:
        asked_for_help = not arguments or "--help" in arguments
        file = None if asked_for_help else _settings.file_of(arguments)
        settings = config.load(file)
        lang = messages.language(_settings.value_of("--lang", arguments) or str(settings.get("lang", "")))
        limits = Limits(**config.load_limits(file))  # type: ignore[arg-type]
        session = Session(lang, messages.translator(lang), limits, early, file)
        code = _invoke(list(arguments) or ["--help"], settings, session)
        sys.stdout.flush()
        return code if arguments else ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except BrokenPipeError as error:
        return _errors.of_output(error, lang)
    except PiiscanError as error:
        place = _settings.place_of(error, file, settings, arguments)
        _errors.tell(place + messages.render(error.reason, error.params, lang))
        return error.exit_code
    except typer.TyperException as error:
        _errors.tell(_errors.of_parser(error, lang))
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001  the one handler: a traceback would show the user's data
        return _errors.of_accident(error, lang)


def _invoke(arguments: list[str], settings: Mapping[str, config.Setting], session: Session) -> int:
    try:
        with postponed():
            command = build(session.say, arguments[0])
            defaults = _settings.defaults(command, settings)
            # Not command.main(): it would answer a broken pipe with exit code 1, which piiscan never gives.
            made = command.make_context("piiscan", arguments, obj=session, default_map=defaults)
        with made as context:
            result = command.invoke(context)
    except typer.TyperException as error:
        if getattr(error, "ctx", None) is None:
            error.ctx = _context_of(command, arguments)  # type: ignore[attr-defined]
        raise
    except typer.Exit as end:
        return end.exit_code
    return result if isinstance(result, int) else ExitCode.CLEAN


def _context_of(command: Any, arguments: Sequence[str]) -> Any:
    """Where on the command line the parser was when it did not say so: in the innermost command that is named."""
    context = typer.Context(command, info_name="piiscan")
    for argument in arguments:
        if sub := getattr(context.command, "commands", {}).get(argument):
            context = typer.Context(sub, info_name=argument, parent=context)
    return context


def build(say: messages.Translate, first: str = "") -> Any:
    """The command tree with its help texts translated; every module beside this one without an underscore joins it.

    When the ``first`` argument names a command, the tree has that one alone: the others need not be imported.
    """
    app = typer.Typer(
        help="Finds Japanese personal data in files, counts the people, weighs the damage, and makes safe copies.",
        epilog="Exit codes: 0 clean, 2 wrong usage, 3 not everything could be read, 4 a copy was refused, 10 found.",
        add_completion=False,
        pretty_exceptions_enable=False,
        pretty_exceptions_show_locals=False,
        rich_markup_mode="rich",
    )
    app.callback(invoke_without_command=True)(_top)
    names = sorted(m.name for m in iter_modules(cli.__path__) if not m.name.startswith("_"))
    for name in [first] if first in names else names:
        import_module(f"{cli.__name__}.{name}").register(app)
    command = typer.main.get_command(app)
    _translate(command, say)
    return command


def _top(ctx: typer.Context, _lang: _options.Language = None, version: Version = False) -> None:
    """``piiscan`` itself: what may stand before the command."""
    if version:
        sys.stdout.write(f"piiscan {__version__}\n")
        raise typer.Exit(ExitCode.CLEAN)
    if ctx.invoked_subcommand is None:
        raise UsageError("usage_missing", name="COMMAND")


def _translate(command: Any, say: messages.Translate) -> None:
    """Puts the help of a command, its parameters and its sub-commands into the reader's language."""
    from piiscan.reports import reports

    words = {"formats": ", ".join(reports())}
    for text in ("help", "epilog", "short_help"):
        if value := getattr(command, text, None):
            setattr(command, text, messages.fill(say(value), words))
    for param in [*command.params, command.get_help_option(typer.Context(command))]:
        argument = param.param_type_name == "argument"
        param.rich_help_panel = say("Arguments") if argument else say("Options")
        # A default is told in the help text, in the reader's language.
        param.show_default = False
        if getattr(param, "is_flag", False):
            param.metavar = ""
        if param.help:
            param.help = messages.fill(say(param.help), words)
    for sub in getattr(command, "commands", {}).values():
        sub.rich_help_panel = say("Commands")
        _translate(sub, say)


def harden() -> None:
    """Keeps other people's code from printing the user's data: no library warnings, no tracebacks from threads.

    For a process that is piiscan's own; Python's ``-W`` is still obeyed.
    """
    import logging

    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        _errors.of_accident(args.exc_value or args.exc_type(), messages.language())

    def process_hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        _errors.of_accident(error, messages.language())

    threading.excepthook = thread_hook
    sys.excepthook = process_hook
    sys.unraisablehook = lambda _: None


def _prepare(*streams: object) -> None:
    """A character that the terminal's encoding lacks is written as ``\\uXXXX`` instead of ending the run."""
    for stream in streams:
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
