"""The map of texts outside the cells: for each kind of XML part, which elements and attributes a person wrote.

Keyed by the local name of the part's root element, which is the same in the Transitional and the Strict form and does
not depend on what a producer calls the file. Reading and rewriting both walk this table, so they cannot drift apart.
Source: ECMA-376 part 1, chapters 18, 20 and 21; [MS-XLSX]; checked on 2,346 workbooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: How a string is built: plain text, a formula (texts stand in quotation marks), header and footer codes, a number
#: format (literals in quotation marks), a sheet's name.
TEXT, FORMULA, HEADER, FORMAT, SHEET = "text", "formula", "header", "format", "sheet"


@dataclass(frozen=True, slots=True)
class Kind:
    """What to visit in one kind of part.

    ``texts``: element → how its text is built. ``attributes``: element → names, ``=`` in front marks a formula, ``!`` a
    sheet name. ``joined``: container → the elements inside it whose texts are one text. ``wheres``: element → where,
    when it differs from ``where``. ``everything``: visit all texts and attributes that could be somebody's words,
    but those of the elements ``ignored``. ``skip``: nothing in it is text.
    ``only``: visit no other elements, for parts with millions of them.
    """

    where: str = "other"
    hidden: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, str] = field(default_factory=dict)
    wheres: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    everything: bool = False
    ignored: frozenset[str] = frozenset()
    skip: bool = False
    only: bool = False


_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_FILTERS = {"filter": "val", "customFilter": "val", "dynamicFilter": "val", "top10": "val"}

_SHEET = Kind(
    texts={
        **dict.fromkeys(_HEADERS, HEADER),
        **dict.fromkeys(("formula1", "formula2", "formula", "f"), FORMULA),
    },
    attributes={
        **_FILTERS,
        "dataValidation": "prompt promptTitle error errorTitle",
        "cfRule": "text",
        "hyperlink": "display tooltip =location",
        "scenario": "name comment user",
        "inputCells": "val",
        "protectedRange": "name",
        "cellSmartTagPr": "key val",
        "customPr": "name",
        "webPublishItem": "title destinationFile",
        "control": "name",
        "controlPr": "altText =macro",
        "objectPr": "altText =macro",
        "oleObject": "link progId",
        "sheetPr": "codeName",
        "tablePart": "",
    },
    wheres={
        **dict.fromkeys(_HEADERS, ("header_footer", False)),
        **dict.fromkeys(("dataValidation", "formula1", "formula2"), ("validation", True)),
        "hyperlink": ("hyperlink", False),
    },
)
_SHAPES = Kind(
    where="drawing",
    hidden=False,
    texts={"f": FORMULA},
    attributes={
        "cNvPr": "name descr title",
        "docPr": "name descr title",
        "hlinkClick": "tooltip",
        "hlinkHover": "tooltip",
        "sp": "=textlink =macro",
        "pic": "=macro",
        "graphicFrame": "=macro",
        "cxnSp": "=macro",
    },
    joined={"p": "t"},
    wheres={"cNvPr": ("drawing", True), "docPr": ("drawing", True)},
)
_CHART = Kind(
    where="chart_cache",
    hidden=False,
    texts={
        "v": TEXT,
        "pt": TEXT,
        "f": FORMULA,
        "name": TEXT,
        "separator": TEXT,
        "oddHeader": HEADER,
        "oddFooter": HEADER,
    },
    attributes={"cNvPr": "name descr title", "hlinkClick": "tooltip"},
    joined={"p": "t"},
    wheres={"p": ("drawing", False), **dict.fromkeys(_HEADERS, ("header_footer", False))},
)
_EVERYTHING = Kind(everything=True)
_SKIP = Kind(skip=True)
_PIVOT_ITEM = {"s": "v c", "n": "v c", "d": "v c", "e": "v c"}

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("worksheet", "chartsheet", "dialogsheet", "macrosheet"), _SHEET),
    "workbook": Kind(
        texts={"definedName": FORMULA},
        attributes={
            "sheet": "!name",
            "definedName": "name comment description customMenu help statusBar",
            "absPath": "url",
            "customWorkbookView": "name",
            "fileSharing": "userName",
            "functionGroup": "name",
            "smartTagType": "name url",
            "workbookPr": "codeName",
            "webPublishing": "characterSet",
        },
        wheres={
            "definedName": ("defined_name", True),
            "absPath": ("property", True),
            "fileSharing": ("property", True),
            "sheet": ("sheet_name", False),
        },
    ),
    "chartSpace": _CHART,
    "chart": _CHART,
    **dict.fromkeys(("wsDr", "userShapes", "drawing", "dataModel"), _SHAPES),
    "comments": Kind(where="comment", hidden=False, texts={"author": TEXT}, joined={"text": "t"}),
    "ThreadedComments": Kind(where="comment", hidden=False, texts={"text": TEXT}, attributes={"hyperlink": "url"}),
    "personList": Kind(where="comment", attributes={"person": "displayName userId"}),
    "table": Kind(
        where="header",
        hidden=False,
        texts={"calculatedColumnFormula": FORMULA, "totalsRowFormula": FORMULA},
        attributes={
            **_FILTERS,
            "table": "name displayName comment altText altTextSummary",
            "tableColumn": "name totalsRowLabel uniqueName",
            "xmlColumnPr": "xpath",
        },
        wheres={**dict.fromkeys(_FILTERS, ("other", True)), "table": ("other", True)},
    ),
    "queryTable": Kind(attributes={"queryTable": "name", "queryTableField": "name", "deletedField": "name"}),
    "connections": Kind(
        attributes={
            "connection": "name description odcFile sourceFile",
            "dbPr": "connection command serverCommand",
            "webPr": "url post editPage",
            "textPr": "sourceFile",
            "olapPr": "localConnection",
            "parameter": "name string prompt =cell",
            "s": "v",
        }
    ),
    "externalLink": Kind(
        where="external_link",
        texts={"v": TEXT, "val": TEXT},
        attributes={
            "sheetName": "val",
            "definedName": "name =refersTo",
            "ddeLink": "ddeService ddeTopic",
            "ddeItem": "name",
            "oleItem": "name",
        },
    ),
    "pivotCacheDefinition": Kind(
        where="pivot_cache",
        attributes={
            **_PIVOT_ITEM,
            "pivotCacheDefinition": "refreshedBy",
            "cacheField": "name caption propertyName =formula",
            "sharedItems": "minValue maxValue minDate maxDate",
            "worksheetSource": "!sheet =name",
            "rangeSet": "!sheet =name",
            "pageItem": "name",
            # Names in cubes refer to one another. A value is replaced alike in all of them, so that they still do.
            "cacheHierarchy": "uniqueName caption defaultMemberUniqueName allUniqueName allCaption "
            "dimensionUniqueName displayFolder measureGroup",
            "dimension": "name uniqueName caption",
            "groupLevel": "uniqueName caption",
            "group": "name uniqueName caption uniqueParent",
            "groupMember": "uniqueName",
            "kpi": "uniqueName caption displayFolder measureGroup parent value goal status trend weight time",
            "measureGroup": "name caption",
            "calculatedItem": "=formula",
            "calculatedMember": "name mdx caption memberName hierarchy parent",
            "set": "setDefinition",
            "query": "mdx",
            "entries": "",
        },
    ),
    "pivotCacheRecords": Kind(where="pivot_cache", attributes=_PIVOT_ITEM, only=True),
    "pivotTableDefinition": Kind(
        where="pivot_cache",
        attributes={
            **_FILTERS,
            "pivotTableDefinition": "name dataCaption grandTotalCaption errorCaption missingCaption rowHeaderCaption "
            "colHeaderCaption tag altText altTextSummary",
            "dataField": "name",
            "pivotField": "name subtotalCaption",
            "item": "n",
            "pageField": "name cap",
            "member": "name",
            "mp": "name",
            "filter": "name description stringValue1 stringValue2 val",
            "pivotHierarchy": "caption",
        },
    ),
    **dict.fromkeys(("revisions", "headers", "users"), Kind(where="revision", everything=True)),
    "coreProperties": Kind(
        where="property", everything=True, ignored=frozenset({"created", "modified", "lastPrinted", "revision"})
    ),
    "Properties": Kind(
        where="property",
        everything=True,
        attributes={"property": "name linkTarget"},
        ignored=frozenset({"Application", "AppVersion", "DocSecurity", "TotalTime", "filetime", "date", "bool", "i4"}),
    ),
    "labelList": Kind(where="property", everything=True),
    "xml": Kind(where="drawing", hidden=False, everything=True),
    "styleSheet": Kind(
        attributes={"numFmt": "formatCode", "cellStyle": "name", "tableStyle": "name", "slicerStyle": "name"},
        only=True,
    ),
    "sst": Kind(where="orphan_string", everything=True),  # a second one; the first is read with the cells
    **dict.fromkeys(
        ("Types", "Relationships", "calcChain", "theme", "chartStyle", "colorStyle", "themeOverride"), _SKIP
    ),
}


#: Attributes whose values must differ within their parent, or Excel calls the part damaged.
DISTINCT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pivotCacheDefinition": (("cacheField", "name"), ("s", "v")),
    "pivotTableDefinition": (("dataField", "name"),),
    "styleSheet": (("cellStyle", "name"), ("tableStyle", "name")),
    "connections": (("connection", "name"),),
    "workbook": (("customWorkbookView", "name"),),
    "worksheet": (("protectedRange", "name"), ("scenario", "name")),
    "Properties": (("property", "name"),),
}
#: Attributes by which other parts refer to their element, so that a number behind the second of two equal ones would
#: break what refers to it.
REFERRED: Mapping[str, tuple[tuple[str, str], ...]] = {"pivotCacheDefinition": (("cacheHierarchy", "uniqueName"),)}
#: Elements and attributes that hold a number or a date by their type: what replaces the value when it must go.
NEUTRAL = {
    **dict.fromkeys(("n", "minValue", "maxValue", "startNum", "endNum"), "0"),
    **dict.fromkeys(("d", "minDate", "maxDate", "startDate", "endDate"), "1900-01-01T00:00:00"),
}


def kind_of(root: str) -> Kind:
    """The entry for a root element; a part of an unknown kind is searched in every corner."""
    return KINDS.get(root, _EVERYTHING)
