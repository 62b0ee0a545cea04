"""IPアドレス — IPv4 (192.0.2.1, with port or prefix length) and IPv6 (2001:db8::1) addresses.

Version numbers and section numbers look like IPv4; a first part of 0 and parts over 255 are refused. ``subtype`` is
``private`` for networks nobody can be reached by from outside.

Source: Python's ``ipaddress``, which follows the registries of IANA.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from random import Random

from piiscan.detectors._shapes import D, whole
from piiscan.model import Detector

_V4 = f"{D}{{1,3}}(?:[.．]{D}{{1,3}}){{3}}"
_HEX = "[0-9A-Fa-f０-９Ａ-Ｆａ-ｆ]"
_V6 = f"{_HEX}{{0,4}}(?:[:：]{_HEX}{{0,4}}){{2,7}}(?:[:：]{_V4})?"
_END = f"(?:[/／]{D}{{1,3}}|[:：]{D}{{1,5}})?"


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    plain = unicodedata.normalize("NFKC", text).strip().partition("/")[0]
    if plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        return ipaddress.ip_address(plain)
    except ValueError:
        return None


def check(text: str) -> bool:
    """Whether the address is one; 0.x, :: and ::1 are nobody's."""
    found = _address(text)
    if found is None or found.is_unspecified or (found.version == 6 and found.is_loopback):
        return False
    return found.version == 6 or int(found) >> 24 != 0


def subtype(text: str) -> str | None:
    """``private`` or ``global``; documentation networks count as private."""
    found = _address(text)
    return None if found is None else "private" if found.is_private else "global"


def strength(text: str) -> float:
    """IPv6 0.9, IPv4 0.8, less where it may be a version number."""
    found = _address(text)
    if found is None:
        return 0.0
    return 0.9 if found.version == 6 else 0.8 if int(found) >> 24 >= 10 else 0.3


def sample(rng: Random) -> str:
    """An address of the networks reserved for documentation."""
    n = rng.randrange(1, 255)
    return rng.choice((f"192.0.2.{n}", f"198.51.100.{n}", f"203.0.113.{n}", f"2001:db8::{n:x}", f"2001:db8:0:{n:x}::1"))


DETECTOR = Detector(
    id="ip_address",
    group="member_id",
    label="IPアドレス",
    label_en="IP address",
    shapes=(whole(f"(?:{_V4}|{_V6}){_END}"),),
    check=check,
    subtype=subtype,
    search=(
        r"(?<![0-9A-Za-z.:_\-])(?<!(?:Office|Chrome|Firefox|[Vv]ersion|[Vv]er\.?|[Rr]elease|バージョン)[ /:：]{0,2})(?P<value>(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![0-9A-Za-z:_]|\.[0-9])"
    ),
    cues=("IP", "アドレス", "接続元", "アクセス元"),
    headers=("IPアドレス", "接続元IP", "ip address", "remote_addr"),
    sample=sample,
    yes=("192.0.2.1", "198.51.100.255", "2001:db8::1", "１９２．０．２．１", "192.0.2.0/24", "203.0.113.9:8080"),
    no=("256.1.1.1", "0.1.2.3", "1.2.3", "12:30:45", "192.0.2", "03.0000.1234", "2026.04.01", "a:b", "::"),
    strength=strength,
)
