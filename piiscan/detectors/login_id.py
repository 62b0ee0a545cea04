"""ログインID — names people sign in with: taro_y, t.yamada01, taro@example.jp, S-1-5-21-….

Any word of Latin letters fits; only a header such as ログインID or アカウント names it, or the word in front of it in text.

Source: headers of lists of employees and common usage.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._shapes import ALNUM, D, whole
from piiscan.model import Detector

_NAME = f"{ALNUM}[0-9A-Za-z０-９Ａ-Ｚａ-ｚ._@+\\\\\\-．＿＠＋－＼]+{ALNUM}"
_SID = f"[SＳ](?:[\\-－]{D}+){{3,12}}"


def check(text: str) -> bool:
    """Whether the length is that of an account's name, and there is a letter in it."""
    plain = text.strip()
    return 3 <= len(plain) <= 64 and any(c.isalpha() for c in plain)


def strength(text: str) -> float:
    """A word of letters proves nothing by itself."""
    return 0.02 if text.strip() else 0.0


def sample(rng: Random) -> str:
    """A short account name."""
    return f"{rng.choice(('taro_', 't.yamada', 'user', 'hanako-'))}{rng.randrange(100):02d}"


DETECTOR = Detector(
    id="login_id",
    group="secret",
    label="ログインID",
    label_en="Login name",
    shapes=(whole(_NAME, _SID),),
    check=check,
    search=(
        r"(?:ログイン|ユーザー?|アカウント|ログオン)(?:ID|ＩＤ|名)[:：= ]{1,3}(?P<value>[0-9A-Za-z][0-9A-Za-z._@+\-]{2,63})"
        r"|(?<![0-9A-Za-z_])(?:[Ll]ogin|[Uu]ser)[ _-]?(?:[Ii][Dd]|[Nn]ame)[:=]{1} ?(?P<value>[0-9A-Za-z][0-9A-Za-z._@+\-]{2,63})"
    ),
    needs_context=True,
    cues=("ログインID", "ユーザーID", "ユーザID", "アカウント", "login", "user"),
    headers=("ログインID", "ユーザーID", "アカウント", "login id"),
    sample=sample,
    yes=(
        "taro_y",
        "t.yamada01",
        "taro@example.jp",
        "ｔａｒｏ０１",
        "user001",
        "EXAMPLE\\taro",
        "S-1-5-21-1000-1001-1002",
    ),
    no=("山田太郎", "12345", "a", "taro yamada", "", "なし", "2026-04-01"),
    strength=strength,
)
