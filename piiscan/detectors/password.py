"""パスワード・暗証番号 — secrets in clear, hashes, PINs and answers to secret questions.

Anything printable may be one: only a header such as パスワード names a column of them; in text the word stands in front.
Masks (****), blanks and the word パスワード itself are refused. Known hash forms ($2b$…, $argon2…) speak for themselves.

Source: common usage.
"""

from __future__ import annotations

import unicodedata
from random import Random

from piiscan.detectors._shapes import whole
from piiscan.model import Detector
from piiscan.shaped import later

_HASH = later(r"\$(?:2[abxy]|1|5|6|argon2(?:id|i|d)|pbkdf2)[$-]|\{(?:SSHA|SHA|MD5)\}")
_MASK = later(r"[*xX●•＊・.\-]+\Z")


def check(text: str) -> bool:
    """Whether 4 to 128 characters could be a secret; masks are not."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return 4 <= len(plain) <= 128 and not _MASK.match(plain) and plain.casefold() not in ("none", "null", "password")


def strength(text: str) -> float:
    """A hash says what it is; anything else nothing."""
    return 0.95 if _HASH.match(text.strip()) else 0.01


def sample(rng: Random) -> str:
    """A throw-away secret."""
    return f"{rng.choice(('Passw0rd!', 'sakura#', 'Qwerty-'))}{rng.randrange(1000):03d}"


DETECTOR = Detector(
    id="password",
    group="secret",
    label="パスワード",
    label_en="Password",
    shapes=(whole("[!-~！-～]+"),),
    check=check,
    # In "Password=…;Data Source=…" the semicolon ends the value, and an empty one is none.
    search=(
        r"(?:パスワード|ﾊﾟｽﾜｰﾄﾞ|暗証番号|[Pp]ass[Ww]or[Dd]|PASSWORD|(?<![A-Za-z])(?:[Pp]asswd|PW|pw|[Pp]wd))"
        r"(?:[:：=＝]|は|→)[ \u3000]?[「\"']?(?P<value>(?!;)[!-~！-～]{4,64}?)(?=[\s\u3000、。」\"',]|;[A-Za-z ]{2,40}=|[ぁ-んァ-ヶ一-龥]|$)"
    ),
    needs_context=True,
    cues=("パスワード", "暗証番号", "PW", "password", "Password"),
    headers=("パスワード", "初期パスワード", "暗証番号", "password"),
    sample=sample,
    yes=("Passw0rd!", "1234", "Ｐａｓｓ＃１２", "$2b$12$abcdefghijklmnopqrstuv", "correct-horse", "q1w2e3r4"),
    no=("****", "●●●●", "なし", "パスワード", "abc", "password", "秘密の 言葉", ""),
    strength=strength,
)
