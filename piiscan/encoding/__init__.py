"""Text from bytes and back: finding out the encoding, reading it without losing a byte, writing in the same one.

Latin-1 is never an answer: it reads everything and therefore proves nothing. Mail and web pages call cp932
"Shift_JIS"; here it is always cp932, because plain Shift_JIS cannot read ① ㈱ 髙 﨑.
"""

from piiscan.encoding._declared import decode_declared, decode_name
from piiscan.encoding._files import Block, decode_stream, detect_stream, looks_like_text, text_encoding
from piiscan.encoding._read import decode
from piiscan.encoding._sniff import Encoding, detect
from piiscan.encoding._write import encode, offset_of, splice

__all__ = [
    "Block",
    "Encoding",
    "decode",
    "decode_declared",
    "decode_name",
    "decode_stream",
    "detect",
    "detect_stream",
    "encode",
    "looks_like_text",
    "offset_of",
    "splice",
    "text_encoding",
]
