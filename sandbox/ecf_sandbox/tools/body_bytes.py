"""What the bytes of a body are that the service cannot read as JSON in UTF-8, and the document that was meant."""

from __future__ import annotations

import ast
import bz2
import codecs
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from email import message_from_bytes
from importlib import import_module
from typing import Any
from urllib.parse import unquote_to_bytes

from ecf_sandbox.api.form_body import boundary_of, read_pairs
from ecf_sandbox.api.json_body import read_json
from ecf_sandbox.rulebook.refusals import UnreadableRequest
from ecf_sandbox.state.record import Record

MOST = 4 * 2**20  # what a compressed body may grow to: more is no document of this API
_LAYERS = 3  # how often a body may be compressed
_LITERAL = 100_000  # characters; what is longer is not read as Python writes it

# The longer first: the mark of UTF-32 begins like that of UTF-16. A codec of "" is one that Python does not have.
_MARKS: tuple[tuple[bytes, str, str], ...] = (
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32 (big-endian)"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32 (little-endian)"),
    (b"\xfe\xff", "utf-16-be", "UTF-16 (big-endian)"),
    (b"\xff\xfe", "utf-16-le", "UTF-16 (little-endian)"),
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"+/v8-", "utf-7", "UTF-7"),
    (b"+/v", "utf-7", "UTF-7"),
    (b"\x84\x31\x95\x33", "gb18030", "GB 18030"),
    (b"\xdd\x73\x66\x73", "", "UTF-EBCDIC"),
    (b"\xf7\x64\x4c", "", "UTF-1"),
    (b"\x0e\xfe\xff", "", "SCSU"),
    (b"\xfb\xee\x28", "", "BOCU-1"),
)
_WIDE = (
    ("utf-32-le", "UTF-32 (little-endian)"),
    ("utf-32-be", "UTF-32 (big-endian)"),
    ("utf-16-le", "UTF-16 (little-endian)"),
    ("utf-16-be", "UTF-16 (big-endian)"),
)
_WITHOUT_MARK = "{}, without a byte order mark"
_COMPRESSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
)
_BLANKS = "\ufeff\u00a0\u200b\u200c\u200d\u2060\u2028\u2029\u202f\u3000"
_ODD_BLANK = re.compile(f"[{_BLANKS}]")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;,\"']+)", re.IGNORECASE)
_TYPOGRAPHIC = str.maketrans("“”„‟″＂‘’‚‛", '""""""' + "''''")
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)  # one that does not end as well: nothing is read twice


class BodyBytes(Record, frozen=True, kw_only=True):
    """What a body is, in words that go on from `it is`, and the document in it; None if that cannot be told."""

    words: str
    document: Any = None


def what_is(body: bytes, content_type: str = "", content_encoding: str = "") -> BodyBytes | None:
    """What a body is that the service cannot read; None for JSON in UTF-8, and for what nothing can be said of."""
    if not body or _is_readable(body):
        return None
    plain, layers = _expanded(body, content_encoding)
    if plain is not None and not layers:
        return _text(plain, content_type)
    compressed = f"compressed ({' in '.join(layers)})"
    document = None if plain is None else _json(plain)
    within = None if plain is None or document is not None else _text(plain, content_type)
    if within is None:
        return BodyBytes(words=compressed, document=document)
    return BodyBytes(words=f"{compressed}, and within {within.words}", document=within.document)


def _expanded(body: bytes, content_encoding: str) -> tuple[bytes | None, list[str]]:
    """A body without its compression, and the names of what it was compressed with, the outermost last."""
    layers: list[str] = []
    named = [it.strip().lower() for it in content_encoding.split(",") if it.strip()]
    for _ in range(_LAYERS):
        name = _compression(body, named[-1] if named else "") if body else None
        if name is None:
            break
        layers.insert(0, name)
        named = named[:-1]
        smaller = _decompressed(body, name)
        if smaller is None:
            return None, layers
        body = smaller
    return body, layers


def _compression(body: bytes, named: str) -> str | None:
    for magic, name in _COMPRESSED:
        if body.startswith(magic):
            return name
    # RFC 1950: the first two bytes are a multiple of 31, and the method is 8.
    if body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0 and _decompressed(body, "deflate"):
        return "deflate"
    if named in ("deflate", "br") and not _is_utf8(body):
        return named
    return None


def _decompressed(body: bytes, name: str) -> bytes | None:
    """The bytes without a compression; None if they cannot be had."""
    for expand in _EXPAND.get(name, ()):
        with suppress(Exception):  # whatever these raise, the bytes are not of that kind
            return expand(body)
    return None


def _inflated(window: int) -> Callable[[bytes], bytes]:
    def expand(body: bytes) -> bytes:
        reader = zlib.decompressobj(window)
        return reader.decompress(body, MOST)

    return expand


def _brotli(body: bytes) -> bytes:
    expanded: bytes = import_module("brotli").decompress(body)  # where somebody has installed it
    return expanded


_EXPAND: Mapping[str, tuple[Callable[[bytes], bytes], ...]] = {
    "gzip": (_inflated(31),),
    "deflate": (_inflated(15), _inflated(-15)),  # the second is what some clients send under that name
    "bzip2": (lambda body: bz2.BZ2Decompressor().decompress(body, MOST),),
    "xz": (lambda body: lzma.LZMADecompressor().decompress(body, MOST),),
    "br": (_brotli,),
}


def _text(body: bytes, content_type: str) -> BodyBytes | None:
    """What text in another encoding, or another notation, a body is."""
    for mark, codec, name in _MARKS:
        if body.startswith(mark):
            words = f"{name} with a byte order mark"
            return BodyBytes(words=words, document=_decoded(body, codec) if codec else None)
    wide = _wide(body)
    if wide is not None:
        return wide
    return _notation(body, content_type) if _is_utf8(body) else _narrow(body, content_type)


def _wide(body: bytes) -> BodyBytes | None:
    if b"\0" not in body:
        return None
    for codec, name in _WIDE:
        document = _decoded(body, codec)
        if document is not None:
            return BodyBytes(words=_WITHOUT_MARK.format(name), document=document)
    text = body.rstrip(b"\0")
    if b"\0" not in text:
        return BodyBytes(words="text that ends in a NUL character", document=_json(text))
    odd, even = body[1::2].count(0), body[::2].count(0)
    if max(odd, even) * 4 > len(body):  # half of what UTF-16 has for English are noughts
        return BodyBytes(words=_WITHOUT_MARK.format(_WIDE[2 if odd > even else 3][1]) + ", with a mistake in it")
    return None


def _narrow(body: bytes, content_type: str) -> BodyBytes | None:
    """Text of one byte, or of several, for a character, that is not UTF-8."""
    with suppress(UnicodeDecodeError):
        halves = body.decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass")
        joined = halves.decode("utf-16", "replace").encode()
        return BodyBytes(words="UTF-8 with surrogates (CESU-8)", document=_json(joined))
    with suppress(UnicodeDecodeError):
        if body[:-1] and _json_begins(body):
            codecs.getincrementaldecoder("utf-8")().decode(body)
            return BodyBytes(words="UTF-8 that ends in the middle of a character")
    charset = _CHARSET.search(content_type)
    candidates = [(charset[1], charset[1])] if charset else []
    candidates += [("cp500", "EBCDIC")] if body.lstrip(b"\x40\x15\x25")[:1] in (b"\xc0", b"\x4a") else []
    candidates += [("cp1252", "Latin-1 or Windows-1252"), ("latin-1", "Latin-1 or Windows-1252")]
    for codec, name in candidates:
        document = _decoded(body, codec)
        if document is not None:
            return BodyBytes(words=f"{name}, not UTF-8", document=document)
    return BodyBytes(words="not UTF-8")


def _notation(body: bytes, content_type: str) -> BodyBytes | None:
    """What UTF-8 that is no JSON is meant to be."""
    text = body.decode()
    start = text.lstrip()
    if start.startswith("--") or "multipart/" in content_type.lower():
        return BodyBytes(words="a multipart form", document=next(_parts(body, content_type), None))
    if start.startswith("<"):
        return BodyBytes(words="XML or HTML")
    if _ODD_BLANK.search(_STRING.sub("", text)):
        words = "UTF-8 with blanks between its words that JSON has not got, such as a no-break space"
        if start.startswith("\ufeff"):
            words = "UTF-8 with a byte order mark"
        return BodyBytes(words=words, document=_json(_without_odd_blanks(text).encode()))
    if text.translate(_TYPOGRAPHIC) != text and (found := _json(text.translate(_TYPOGRAPHIC).encode())) is not None:
        return BodyBytes(words="JSON with typographic quotes", document=found)
    if (found := _json(unquote_to_bytes(start))) is not None:
        return BodyBytes(words="percent-encoded JSON", document=found)
    if (found := _of_python(start)) is not None:
        return BodyBytes(words="written as Python writes it, with other quotes", document=found)
    if (found := _form(body)) is not None:
        return BodyBytes(words="a form", document=found)
    return None


def _parts(body: bytes, content_type: str) -> Iterator[Any]:
    """The documents that stand in the parts of a form."""
    first = body.lstrip().partition(b"\n")[0].strip()
    boundary = boundary_of(content_type) or first.removeprefix(b"--")
    if not boundary:
        return
    message = message_from_bytes(b'Content-Type: multipart/form-data; boundary="' + boundary + b'"\r\n\r\n' + body)
    named: list[tuple[str, str]] = []
    for part in message.walk():
        raw = part.get_payload(decode=True)
        if isinstance(raw, bytes) and raw:
            if (found := _json(raw)) is not None:
                yield found
            name = part.get_param("name", header="content-disposition")
            if isinstance(name, str):
                named.append((name, raw.decode("utf-8", "replace")))
    from_names = "&".join(f"{name}={value}" for name, value in named)
    if (found := _form(from_names.encode())) is not None:
        yield found


def _form(body: bytes) -> Any:
    with suppress(UnreadableRequest):
        found = read_pairs(body, b"&")
        if isinstance(found.get("data"), Mapping):
            return found
    return None


def _of_python(text: str) -> Any:
    if not text.startswith(("{", "[")) or len(text) > _LITERAL:
        return None
    with suppress(ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        found = ast.literal_eval(text)
        return found if isinstance(found, dict | list) else None
    return None


# Codecs of Python that no client sends text in; with some the time grows with the square of the length.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "unicode-escape"})


def _without_odd_blanks(text: str) -> str:
    """The text with plain blanks in place of others, but for what stands within strings."""
    parts, last = [], 0
    for it in _STRING.finditer(text):
        parts += [_ODD_BLANK.sub(" ", text[last : it.start()]), it[0]]
        last = it.end()
    return "".join([*parts, _ODD_BLANK.sub(" ", text[last:])])


def _decoded(body: bytes, codec: str) -> Any:
    """The document in a body of another encoding; None if there is none."""
    with suppress(LookupError, ValueError):
        if codecs.lookup(codec).name in _NO_CHARSETS:
            return None
        text = (
            body.decode(codec).lstrip("\ufeff").rstrip("\0")
        )  # which takes codecs of text alone, unlike codecs.decode
        return _json(text.encode())
    return None


def _json(body: bytes) -> Any:
    """An object or a list in JSON, as the service reads it; None for anything else."""
    with suppress(UnreadableRequest, UnicodeError):
        found = read_json(body)
        return found if isinstance(found, dict | list) else None
    return None


def _is_readable(body: bytes) -> bool:
    try:
        read_json(body)
    except (UnreadableRequest, UnicodeError):
        return False
    return True


def _json_begins(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"{", b"[")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
