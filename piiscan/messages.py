"""Every sentence that piiscan says to people: English message ids, translated by gettext at the edge.

The tables here and in ``labels`` hold msgids; ``locale/ja/LC_MESSAGES/piiscan.po`` holds their Japanese. After a change run
``python tools/compile_messages.py``. A message says what happened and what to do next, and never holds a value of the
user's data. There is no current language: whoever speaks is handed a translator.
"""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from piiscan import labels
from piiscan.text import printable

Translate = Callable[[str], str]

DOMAIN = "piiscan"
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("ja", "en")

#: Reason key → msgid. Keys are what errors, ``Skipped`` and ``status_reason`` carry. What becomes the status of a file
#: is told without its parameters, so only reasons of wrong usage and of plug-ins may have placeholders.
REASONS: dict[str, str] = {
    # plug-ins
    "plugin_without_constant": "The plug-in does not define {constant}. Its last line must set it.",
    "plugin_id_differs": "The id of the plug-in must be its file name, {expected}.",
    # reading: any format
    "not_found": "It does not exist. Check the path.",
    "permission": "It may not be read. Ask its owner for permission, or run piiscan as a user who may.",
    "read_failed": "It could not be read from the disk. Check the drive or the connection, and try again.",
    "io_error": "It could not be read from the disk. Check the drive or the connection, and try again.",
    "symlink": "It is a link, which is not followed, or leads nowhere. Scan what it leads to by its own path.",
    "special_file": "It is not a file but a device, a pipe or a socket, which is not read.",
    "encrypted": "It is protected by a password. Pass it with --password-file, or remove the protection.",
    "wrong_password": "None of the given passwords opens it. Check the password file.",
    "wrong_first_passwords": "None of the first passwords opens it, and the others were not tried: only the first 5, or as many as the limit passwords of the configuration says. Put the right one at the top, or raise that limit.",
    "damaged": "It is damaged. Open it in its own program, save it anew, and scan it again.",
    "empty": "It is empty.",
    "unknown_format": "Its format is not known to piiscan. Look at it yourself, or convert it.",
    "unknown_encoding": "Its character encoding could not be told. Save it as UTF-8, and scan it again.",
    "binary": "It holds no text.",
    "not_text": "It is named like a text file but does not hold text. Look at it yourself.",
    "undecodable_bytes": "Some characters could not be read, from this row on. Save it as UTF-8, and scan it again.",
    "lock_file": "It is the lock file of an open Office document. Close the document, and scan again.",
    "changed_while_reading": "It changed while it was read. Scan it again when nobody is writing to it.",
    "internal": "piiscan failed on it: a bug. The other files are not affected. Please report it.",
    "timed_out": "Reading it took too long and was stopped. Split it, or look at it yourself.",
    "too_much_memory": "Reading it would need too much memory and was stopped. Split it, or look at it yourself.",
    "too_much_output": "What was found in it is more than piiscan tells of one file. Split it, or look at it yourself.",
    "parser_crashed": "Reading it made the reader crash; the other files are not affected. It may be damaged or an attack.",
    "too_deep": "It is nested too deeply in other files. Unpack it, and scan what comes out.",
    "too_large": "It is larger than piiscan reads. Split it, or look at it yourself.",
    "special_member": "It is a link, a device or a sparse file inside an archive, which has no content to read.",
    "linked_attachment": "The attachment is only a link to a file elsewhere. Scan that file too.",
    "missing_part": "A part that the file refers to is missing. Open it in its own program and save it anew.",
    "part_cannot_be_cleaned": "{part}: personal data stands where it cannot be replaced. Remove this part, and try again.",
    # remarks on what was read
    "earlier_state": "The file keeps this earlier state of itself, with text that it no longer shows. It goes along when the file is passed on.",
    "earlier_state_unread": "The file keeps an earlier state of itself that was not read. Print it to a new PDF to be rid of it.",
    "second_reader": "Its reader failed, so another one read it: only the cells. Look at the rest yourself.",
    "other_type": "Its content is not of the type its name says; it was read as what it is. Check where it comes from.",
    "hidden_sheet": "The sheet is hidden. Its data goes along when the file is passed on.",
    "very_hidden_sheet": "The sheet is hidden so that Excel does not list it. Its data goes along when the file is passed on.",
    "hidden_rows": "These rows are hidden. Their data goes along when the file is passed on.",
    "hidden_columns": "These columns are hidden. Their data goes along when the file is passed on.",
    "filtered_rows": "A filter hides these rows. Their data goes along when the file is passed on.",
    # reading: zip
    "zip_damaged": "The archive is damaged. Unpack it with another program, and scan what comes out.",
    "zip_method": "The archive uses a compression that piiscan cannot read. Unpack it, and scan what comes out.",
    "zip_overlap": "Entries of the archive overlap, as in a decompression bomb. Do not open it.",
    "zip_ratio": "The archive would inflate far beyond its size, as a decompression bomb does. Do not open it.",
    "zip_too_large": "The archive would inflate to more than piiscan reads. Unpack it, and scan what comes out.",
    "zip_too_many_members": "The archive holds more entries than piiscan reads. Unpack it, and scan what comes out.",
    "archive_not_read": "An archive of this kind (RAR, LZH, CAB …) is not unpacked; at most the names in it were read. Unpack it, and scan what comes out.",
    # reading: Office files
    "cell_too_long": "A cell is longer than piiscan reads. Look at it yourself.",
    "row_too_long": "A row is longer than piiscan reads. Look at it yourself.",
    "part_too_large": "A part of it is larger than piiscan reads. Look at it yourself.",
    "damaged_xml": "A part of it is damaged. Open it in its own program, save it anew, and scan it again.",
    "bad_encoding": "A part of it is not in the encoding it claims. Save it anew, and scan it again.",
    "dtd": "It declares entities, which Office files never do; it may be an attack. Do not open it.",
    "no_content_types": "It is not a complete Office file. Open it in its own program, and save it anew.",
    "ambiguous_members": "Several parts of it have the same name. Open it in its own program, and save it anew.",
    "bad_string_index": "Some cells point to texts that do not exist. Open it in its own program, and save it anew.",
    "nothing_read": "Nothing could be read in it although it is not empty. Look at it yourself.",
    "macros": "It holds macros, which piiscan does not read. Look at them yourself.",
    "printer_settings": "Printer settings.",
    "signature": "A digital signature.",
    "custom_property": "A property of another program.",
    "thumbnail": "A preview picture, which may show data.",
    "image": "A picture, sound or film.",
    "font": "A font.",
    "unknown_part": "It holds a part of unknown kind. Look at it yourself.",
    "embedded_object": "It holds an embedded object that piiscan cannot read. Look at it yourself.",
    # reading: members and attachments
    "too_many_members": "It holds more parts than piiscan reads. Unpack it, and scan what comes out.",
    "encrypted_member": "A file in it is protected by a password. Pass it with --password-file.",
    "damaged_attachment": "An attachment is damaged. Save it from the mail program, and scan it.",
    "ambiguous_names": "Several entries have the same name, so a copy could not be proved safe. Unpack it first.",
    # reading: PDF
    "pdf_reader_missing": "The reader for PDF is not installed. Install piiscan with the extra pdf, and scan it again.",
    "no_text_layer": "It is a picture of text, as a scanner makes it, which piiscan cannot read. Look at it yourself.",
    # copies
    "holds_secret": "It holds the key, the vault or a password of this run, so it was not copied: it would undo the copies.",
    "backup_beside": "It is the backup of the file beside it, so --in-place left it alone: it may be the only original.",
    "backup_named": "It is the backup of the file beside it and may be the only original, so it is not changed in place. Use -o OUT.",
    "copy_changed": "The finished copy was changed before it was in place, so it was thrown away. Try again.",
    "output_has_links": "The file has several names (hard links) and is not overwritten. Choose another name.",
    "output_is_link": "It is a link and is not overwritten. Choose another name.",
    "output_is_special": "It is not a plain file and is not overwritten. Choose another name.",
    "no_space": "There is no room left on the disk. Make room, and try again.",
    "read_only": "The folder cannot be written to. Choose another one.",
    "output_permission": "The copy may not be written there. Choose another folder, or ask for the permission to write to this one.",
    "output_not_found": "The folder for the copy is gone or cannot be made, perhaps because a file is in its way. Check -o.",
    "output_io_error": "The copy could not be written to the disk. Check the drive, the connection and the length of its name, and try again.",
    "open_elsewhere": "It is open in another program. Close it there, and try again.",
    "copy_does_not_open": "The finished copy did not read back whole, so it was thrown away. The source is unchanged.",
    "copy_still_personal": "The finished copy still held personal data, so it was thrown away. The source is unchanged.",
    "copy_value_left": "A removed value was still in the finished copy, so it was thrown away. The source is unchanged.",
    "copy_other_layout": "The finished copy had other cells than the source, so it was thrown away. Please report it.",
    "copy_not_restorable": "The original could not be made of the finished copy again, so it was thrown away. Please report it.",
    "nothing_to_restore": "The vault knows nothing in it. Check that the copy and the vault are of the same run.",
    "restore_open": "Some stand-ins may have several originals and were left as they are. Look at them yourself.",
    "copy_not_read_whole": "It could not be read whole, so no copy was made: what was not read cannot be cleaned.",
    "copy_unknown_format": "Its format is not known to piiscan, so no copy was made.",
    "copy_format_not_written": "piiscan reads this format but cannot write it, so no copy was made. Convert it first.",
    "already_protected": "It has a password already, so no copy was made. Send it as it is, or remove its password first.",
    "protect_wants_zip_name": "Only Office files are locked as they are; the copy will be a zip. End its name with .zip.",
    "protect_failed": "It could not be encrypted, so no copy was made. Put it into a zip: choose an output that ends in .zip.",
    "protect_any_password": "The finished copy opened with a wrong password, so it was thrown away. Please report it.",
    "zip_not_explorer": "Windows Explorer cannot open this zip. The receiver needs 7-Zip or another program for AES zips.",
    "zip_names_show": "The names of the files in a zip can be read without the password.",
    "unread_left_out": "It could not be cleaned and was left out of the copy.",
    "unread_kept": "It was NOT cleaned: it is in the copy as it was. Look at it yourself before you send the copy.",
    "signature_left_out": "The digital signature was left out: it would not be valid for the copy.",
    "preview_left_out": "The preview picture was left out: it showed the content of the source.",
    "picture_kept": "A picture is in the copy as it was; nobody looked into it. Look at it, or use --unknown drop.",
    "copy_part_left": "A part that was to be left out was still in the finished copy, so it was thrown away. The source is unchanged.",
    "copy_wants_convert": "piiscan reads this format but cannot write it, so no copy was made. Add --convert, or save it as xlsx, docx or pptx first.",
    "copy_wants_eml": "piiscan reads this format but cannot write it, so no copy was made. Add --convert, or save it as .eml from the mail program first.",
    "copy_wants_source": "A PDF cannot be cleaned so that nothing is left behind the page, so no copy was made. Redact the document it was made of, and make a new PDF of that copy.",
    "convert_no_office": "LibreOffice is needed to convert it and was not found, so no copy was made. Install LibreOffice, or save the file in a newer format.",
    "convert_failed": "LibreOffice could not convert it, or its part for this kind (Calc, Writer, Impress) is not installed; no copy was made. Save it in a newer format in its own program.",
    "convert_too_long": "LibreOffice took too long to convert it and was ended, so no copy was made. Save it in a newer format first.",
    "convert_lost": "Less was found in the converted file than in the source, so no copy was made. Save it in a newer format yourself.",
    "convert_in_place": "--convert writes another format, so it does not go together with --in-place. Use -o OUT.",
    "convert_no_mail": "It is or holds a contact, an appointment or a task, which no mail can be made of, so no copy was made. Save it from Outlook as .vcf or .ics.",
    "converted_mail": "It was made a mail (.eml) first: what only Outlook keeps, such as categories and embedded objects, is gone.",
    "converted": "It was converted by LibreOffice first: macros are gone, and the layout may differ.",
    "password_gone": "The copy has no password. Lock it with: piiscan protect",
    "other_names_keep": "The file has other names (hard links), which still lead to the original.",
    "manifest_and_none": "--manifest and --no-manifest exclude each other. Use one of them.",
    # rule files
    "rule_no_folder": "There is no such rule folder. Check --rules.",
    "rule_unknown_file": "The name of a rule file must begin with one of: {detail}.",
    "rule_unreadable": "The rule file could not be read ({detail}).",
    "rule_not_utf8": "The rule file is not UTF-8. Save it as UTF-8.",
    "rule_toml": "This is not valid TOML. Correct the line.",
    "rule_type": "{key} has a wrong type. Expected: {detail}.",
    "rule_range": "{key} must lie between {detail}.",
    "rule_missing_key": "{detail} is missing here.",
    "rule_unknown_key": "The key {detail} is not known here. Correct or remove it.",
    "rule_unknown_entity": "There is no entity called {detail}.",
    "rule_unknown_role": "There is no role called {detail}.",
    "rule_unknown_action": "There is no action called {detail}.",
    "rule_bad_option": "The action does not take these options.",
    "rule_unknown_profile": "There is no profile called {detail}.",
    "rule_unknown_level": "There is no level called {detail}. Use none, low, medium, high or critical.",
    "rule_unknown_group": "There is no group called {detail}.",
    "rule_unknown_trigger": "There is no reporting duty called {detail}.",
    "rule_empty_word": "Nothing is left of the word {detail} when punctuation is taken off.",
    "rule_id": "An id must be lower-case letters, digits and underscores, not {detail}.",
    "rule_id_taken": "{detail} is built in. Give the detector another id.",
    "rule_pattern": "The pattern is not valid: {detail}.",
    "rule_pattern_slow": "The pattern could take too long on some text: {detail}.",
    "rule_example": "The example does not fit the shapes: {key}.",
    "rule_no_recogniser": "The detector needs shapes, a search or headers.",
    # configuration and options
    "config_not_found": "The configuration file does not exist. Check --config.",
    "config_not_a_file": "The configuration must be a plain file. Check --config.",
    "config_not_toml": "This is not valid TOML. Correct the line.",
    "config_not_utf8": "The file is not UTF-8. Save it as UTF-8.",
    "config_unknown_key": "The key {key} is not known. A key is the long name of an option, such as fail-on.",
    "config_unknown_limit": "There is no limit called {key}. Choose one of: {choices}.",
    "config_limit_range": "{key} must lie between {low} and {high}.",
    "config_command_line_only": "{key} can be given on the command line only. Remove it here.",
    "config_wrong_type": "{key} must be {expected}.",
    "config_wrong_choice": "{key} must be one of: {choices}.",
    "unknown_report": "There is no report format {name}. Choose one of: {choices}.",
    "report_without_file": "--report wants FORMAT=FILE, for example json=report.json.",
    "report_same_file": "Two reports would be written to the same file. Give each its own.",
    "output_exists": "The file exists and is not overwritten. Choose another name, or add --force.",
    "output_taken": "This run reads or writes something else here: a key, a vault, passwords, the configuration, a report or its copies. Choose another name.",
    "output_in_source": "It lies in a folder that is being read and is no JSON report of piiscan, so it is not overwritten. Choose another name, or remove it first.",
    "manifest_no_place": "There is no room beside this folder for the manifest. Name a file with --manifest, or add --no-manifest.",
    "file_exists": "The file exists and is not overwritten. Choose another name.",
    "output_twice": "Another copy of this run has the same name. Copy them in two runs, to different folders.",
    "output_is_input": "This file is being read and is never written to. Choose another name.",
    "output_not_writable": "It could not be written here. Check the folder and its permissions.",
    "key_exists": "The file exists. A key is never overwritten: what it locked would be lost. Choose another name.",
    "output_missing": "Say where the copies go with -o OUT, or use --in-place.",
    "output_and_in_place": "-o OUT and --in-place exclude each other. Use one of them.",
    "no_backup_without_in_place": "--no-backup belongs to --in-place. Remove it.",
    "password_file_unreadable": "The password file could not be read. It must be UTF-8 text, one password a line.",
    "password_twice": "--password-file and --generate-password exclude each other. Use one of them.",
    "password_missing": "Give a password with --password-file or in PIISCAN_PASSWORD, or use --generate-password.",
    "password_file_one_line": "The password file must be UTF-8 text with the password as its only line.",
    "password_too_long": "The password is too long. Office takes at most {count} characters.",
    "secret_not_private": "Others can read this file, so it is no secret. Give only its owner the right to read it (chmod 600).",
    "action_wants_key": "The action {name} needs a secret key. Add --key-file FILE; a key is made by: piiscan key new FILE",
    "key_file_wrong": "This is no key file. Make one with: piiscan key new FILE",
    "vault_exists": "The file exists. A vault is never overwritten: what it keeps would be lost. Choose another name.",
    "vault_unreadable": "This is no vault, or it could not be read. Give the file that pseudonymize --reversible wrote.",
    "vault_wrong_key": "The key does not open this vault. Give the one that it was made with.",
    "vault_not_written": "The vault could not be written. Copies of this run cannot be restored: remove them and start again.",
    "vault_damaged": "The vault was changed or is not whole, so nothing of it is believed. Use a copy of it.",
    "reversible_wants_copies": "--reversible excludes --dry-run, --no-backup and --unknown drop: what is left out cannot be given back. Leave them out.",
    "action_unknown_option": "The action has no option {name}. Choose one of: {choices}.",
    "action_wrong_option": "The option {name} of the action must be one of, or lie between: {choices}.",
    "unknown_profile": "There is no profile {name}. Choose one of: {choices}.",
    "unknown_action": "There is no action {name}. Choose one of: {choices}.",
    "action_without_entity": "--action wants ENTITY=OPERATOR, for example phone=mask.",
    "unknown_target": "There is no file and no entity called {name}. See: piiscan rules list",
    "unknown_entity": "There is no entity {name}. See: piiscan rules list",
    "stdin_twice": "- stands for standard input and can be given once.",
    "jobs_negative": "--jobs wants 0 (one a processor) or more.",
    # the command line parser
    "usage_no_such_option": "There is no option {name}.",
    "usage_no_such_option_near": "There is no option {name}. Did you mean {near}?",
    "usage_no_such_command": "There is no command {name}.",
    "usage_missing": "{name} is missing.",
    "usage_bad_value": "The value of {name} is wrong.",
    "usage_bad_choice": "The value of {name} must be one of: {choices}.",
    "usage_option_without_value": "{name} wants a value.",
    "usage_extra_argument": "There are too many arguments.",
    "usage_other": "The command line is wrong.",
}

#: Reasons that are remarks on what was read, not on something that was left out.
REMARKS = frozenset({
    "other_type", "earlier_state", "hidden_sheet", "very_hidden_sheet", "hidden_rows", "hidden_columns", "filtered_rows",
})  # fmt: skip


def language(explicit: str | None = None, environ: Mapping[str, str] = os.environ) -> str:
    """``ja`` or ``en``: what was asked for, else what the locale or the Windows user interface says."""
    if explicit in LANGUAGES:
        return explicit
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            return "ja" if value.lower().startswith(("ja", "japanese")) else "en"
    return "ja" if _windows_is_japanese() else "en"


def _windows_is_japanese() -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    # The low ten bits of a LANGID are the language; 0x11 is Japanese ([MS-LCID]).
    return bool(ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x11)


def translator(lang: str) -> Translate:
    """The function that turns a msgid into ``lang``; what has no translation stays English."""
    return gettext.translation(DOMAIN, str(LOCALE_DIR), languages=[lang], fallback=True).gettext


def fill(message: str, params: Mapping[str, str | int] | Iterable[tuple[str, str | int]] = ()) -> str:
    """``message`` with its placeholders filled: numbers with thousands separators, texts made safe to print.

    A placeholder without a parameter becomes an ellipsis, so that telling of an error cannot be an error itself.
    """
    shown = {k: f"{v:,}" if isinstance(v, int) else printable(str(v)) for k, v in dict(params).items()}
    return re.sub(r"\{(\w+)\}", lambda m: shown.get(m[1], "…"), message)


def render(reason: str, params: Mapping[str, str | int] | Iterable[tuple[str, str | int]], lang: str) -> str:
    """The message of a reason key in ``lang``, with the file and line it is about in front when they are known.

    An unknown key is shown as it stands: a report must not fail because a message is missing.
    """
    given = dict(params)
    msgid = REASONS.get(reason)
    if given.get("detail") in labels.EXPECTED:
        given["detail"] = label(labels.EXPECTED, str(given["detail"]), lang)
    message = fill(translator(lang)(msgid), given) if msgid else printable(reason)
    place = given.get("file", given.get("path"))
    if place is None or "{path}" in (msgid or "") or "{file}" in (msgid or ""):
        return message
    line = f":{given['line']}" if given.get("line") else ""
    return f"{printable(str(place))}{line}: {message}"


def label(table: Mapping[str, str], key: str, lang: str) -> str:
    """The words for ``key`` of a table of ``labels``; a key that it lacks is shown as it stands."""
    msgid = table.get(key)
    return translator(lang)(msgid) if msgid else printable(key)
