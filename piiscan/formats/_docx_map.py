"""What stands in a Word document outside its paragraphs, part by part.

Source: ECMA-376 part 1, chapter 17; [MS-DOCX]. Parts that other Office files have too are in :mod:`._xlsx_map`.
"""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.formats._xlsx_map import Kind, kind_of

#: Root elements of parts that hold paragraphs → (where, hidden).
STORIES: Mapping[str, tuple[str, bool]] = {
    "document": ("text", False),
    "hdr": ("header_footer", False),
    "ftr": ("header_footer", False),
    "footnotes": ("text", False),
    "endnotes": ("text", False),
    "comments": ("comment", False),
    "glossaryDocument": ("other", True),
}

_AUTHORS = dict.fromkeys(("ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange", "numberingChange", "tblGridChange", "cellIns", "cellDel", "cellMerge", "customXmlInsRangeStart", "customXmlDelRangeStart", "tblPrExChange"), "author")  # fmt: skip

_STORY = Kind(
    attributes={
        **_AUTHORS,
        "comment": "author initials",
        "docPr": "name descr title",
        "cNvPr": "name descr title",
        "hlinkClick": "tooltip",
        "hlinkHover": "tooltip",
        "shape": "alt title",
        "rect": "alt title",
        "textpath": "string",
        "imagedata": "title",
        "hyperlink": "tooltip anchor docLocation",
        "fldSimple": "instr",
        "bookmarkStart": "name",
        "alias": "val",
        "tag": "val",
        "listItem": "displayText value",
        "dataBinding": "xpath",
        "placeholder": "",
        "smartTag": "element",
        "attr": "name val",
        "docPartBody": "",
        "name": "val",
        "description": "val",
        "category": "val",
        "default": "val",
        "statusText": "val",
        "helpText": "val",
        "listEntry": "val",
        "tblCaption": "val",
        "tblDescription": "val",
        "permStart": "ed",
        "OLEObject": "ProgID",
        "control": "name",
    },
    wheres={
        **dict.fromkeys(_AUTHORS, ("revision", True)),
        "comment": ("comment", False),
        **dict.fromkeys(
            ("docPr", "cNvPr", "hlinkClick", "hlinkHover", "shape", "rect", "textpath", "imagedata"), ("drawing", True)
        ),
        "hyperlink": ("hyperlink", True),
        "bookmarkStart": ("defined_name", True),
    },
)
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(STORIES, _STORY),
    "settings": Kind(
        attributes={
            **dict.fromkeys(
                ("query", "connectString", "udl", "table", "mailSubject", "addressFieldName", "mappedName", "name"),
                "val",
            ),
            "docVar": "name val",
            "attachedSchema": "",
            "saveThroughXslt": "solutionID",
            "caption": "name",
            "smartTagType": "name url",
        },
    ),
    "recipients": Kind(everything=True),
    "people": Kind(where="comment", attributes={"person": "author", "presenceInfo": "userId"}),
    "styles": Kind(attributes={"name": "val", "aliases": "val"}),
    "numbering": Kind(attributes={"lvlText": "val", "name": "val"}),
    **dict.fromkeys(("fonts", "commentsEx", "commentsIds", "commentsExtensible"), Kind(skip=True)),
    "webSettings": Kind(),
}

#: Names of bookmarks that Word makes by itself.
OWN_BOOKMARKS = ("_GoBack", "_Toc", "_Ref", "_Hlk", "_Hlt", "_Toc", "OLE_LINK")


def docx_kind(root: str) -> Kind:
    """The entry for a root element in a Word document."""
    return _KINDS.get(root) or kind_of(root)
