"""piiscan finds Japanese personal data in files, counts the people behind it, and makes safe copies."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__", "redact_frame", "scan", "scan_frame"]

TYPE_CHECKING = False  # as typing has it, without the time to import that
if TYPE_CHECKING:
    from piiscan.api import redact_frame, scan, scan_frame


def __getattr__(name: str) -> object:
    """Loads the API on first use, so that ``piiscan --version`` imports nothing heavy."""
    if name in __all__:
        from piiscan import api

        return getattr(api, name)
    raise AttributeError(name)
