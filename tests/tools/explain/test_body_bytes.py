"""A body that the service cannot read for its bytes: it is said what they are, and the same document is offered."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.tools.body_bytes import what_is
from tests.guidance.conftest import attributes, declaration
from tests.tools.explain.asking import DECLARATIONS, PARTICIPANTS, PARTNERSHIPS, Explained

DOCUMENT = {"data": {"type": "participant-defer", "attributes": {"reason": "other", "note": "é’s – “x” 😀"}}}
LATIN = {"data": {"attributes": {"note": "né à l'été"}}}
TEXT = json.dumps(DOCUMENT, ensure_ascii=False, indent=1)


def raw_deflate(body: bytes) -> bytes:
    writer = zlib.compressobj(wbits=-15)
    return writer.compress(body) + writer.flush()


def multipart(body: bytes) -> bytes:
    part = b'Content-Disposition: form-data; name="body"\r\nContent-Type: application/json\r\n\r\n'
    return b"--x-1\r\n" + part + body + b"\r\n--x-1--\r\n"


Encode = Callable[[bytes], bytes]


def of(codec: str, mark: str = "") -> Encode:
    return lambda body: (mark + body.decode()).encode(codec)


# What is done to UTF-8, the header Content-Encoding beside it, and what is said.
BODIES: dict[str, tuple[Encode, str, str]] = {
    "UTF-8 with a mark": (of("utf-8-sig"), "", "UTF-8 with a byte order mark"),
    "UTF-8 with two marks": (of("utf-8-sig", "\ufeff"), "", "UTF-8 with a byte order mark"),
    "a mark after a blank": (lambda it: b" \xef\xbb\xbf" + it, "", "UTF-8 with a byte order mark"),
    "UTF-16": (of("utf-16"), "", "UTF-16 (little-endian) with a byte order mark"),
    "UTF-16, big-endian": (of("utf-16-be", "\ufeff"), "", "UTF-16 (big-endian) with a byte order mark"),
    "UTF-16 without a mark": (of("utf-16-le"), "", "UTF-16 (little-endian), without a byte order mark"),
    "UTF-16BE without a mark": (of("utf-16-be"), "", "UTF-16 (big-endian), without a byte order mark"),
    "UTF-32": (of("utf-32"), "", "UTF-32 (little-endian) with a byte order mark"),
    "UTF-32, big-endian": (of("utf-32-be", "\ufeff"), "", "UTF-32 (big-endian) with a byte order mark"),
    "UTF-32 without a mark": (of("utf-32-le"), "", "UTF-32 (little-endian), without a byte order mark"),
    "UTF-32BE without a mark": (of("utf-32-be"), "", "UTF-32 (big-endian), without a byte order mark"),
    "UTF-7": (lambda it: b"+/v8-" + it.decode().encode("utf-7"), "", "UTF-7 with a byte order mark"),
    "GB 18030": (of("gb18030", "\ufeff"), "", "GB 18030 with a byte order mark"),
    "gzip": (gzip.compress, "gzip", "compressed (gzip)"),
    "gzip, unsaid": (gzip.compress, "", "compressed (gzip)"),
    "gzip twice": (lambda it: gzip.compress(gzip.compress(it)), "gzip, gzip", "compressed (gzip in gzip)"),
    "UTF-16 in gzip": (
        lambda it: gzip.compress(it.decode().encode("utf-16")),
        "gzip",
        "compressed (gzip), and within UTF-16 (little-endian) with a byte order mark",
    ),
    "deflate": (zlib.compress, "deflate", "compressed (deflate)"),
    "deflate, unsaid": (zlib.compress, "", "compressed (deflate)"),
    "deflate without a head": (raw_deflate, "deflate", "compressed (deflate)"),
    "bzip2": (bz2.compress, "", "compressed (bzip2)"),
    "xz": (lzma.compress, "", "compressed (xz)"),
    "multipart": (multipart, "", "a multipart form"),
    "a NUL at the end": (lambda it: it + b"\0", "", "text that ends in a NUL character"),
    "no-break spaces": (lambda it: it.replace(b"\n", "\n\u00a0".encode()), "", "such as a no-break space"),
    "percent-encoded": (lambda it: "".join(f"%{byte:02X}" for byte in it).encode(), "", "percent-encoded JSON"),
}


@pytest.mark.parametrize(("encode", "encoding", "words"), BODIES.values(), ids=BODIES.keys())
def test_says_what_a_body_is_and_finds_the_document(encode, encoding, words):
    found = what_is(encode(TEXT.encode()), "application/json", encoding)

    assert found is not None
    assert words in found.words
    assert found.document == DOCUMENT


@pytest.mark.parametrize(
    ("codec", "charset", "words"),
    [
        ("latin-1", "", "Latin-1 or Windows-1252"),
        ("latin-1", "; charset=ISO-8859-1", "ISO-8859-1"),
        ("cp1252", "; charset=utf-8", "Latin-1 or Windows-1252"),
        ("iso8859-15", '; charset="iso-8859-15"', "iso-8859-15"),
        ("mac-roman", "; charset=macintosh", "macintosh"),
        ("cp500", "", "EBCDIC"),
        ("latin-1", "; charset=no-such", "Latin-1 or Windows-1252"),
    ],
)
def test_says_what_text_of_one_byte_for_a_character_is(codec, charset, words):
    body = json.dumps(LATIN, ensure_ascii=False).encode(codec)

    found = what_is(body, f"application/json{charset}")

    assert found is not None
    assert found.words == f"{words}, not UTF-8"
    assert found.document == LATIN


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (TEXT.encode()[: TEXT.encode().index(b"\xc3") + 1], "UTF-8 that ends in the middle of a character"),
        (b'{"a": "\xed\xa0\xbd\xed\xb8\x80"}', "UTF-8 with surrogates (CESU-8)"),
        (b"\xff\x01\x02", "not UTF-8"),
        (b"\x28\xb5\x2f\xfd" + bytes(9), "compressed (zstd)"),
        (b"PK\x03\x04" + bytes(9), "compressed (zip)"),
        (b"<data/>", "XML or HTML"),
        ("{“data”: {}}".encode(), "JSON with typographic quotes"),
        (b"{'data': {'type': None}}", "written as Python writes it, with other quotes"),
        (b"data[type]=x", "a form"),
        (TEXT.encode("utf-16-le")[:-3], "UTF-16 (little-endian), without a byte order mark, with a mistake in it"),
    ],
)
def test_says_what_else_a_body_is(body, words):
    found = what_is(body, "application/json")

    assert found is not None
    assert found.words == words


def test_says_that_a_body_is_brotli_where_the_client_does():
    found = what_is(b"\x1b\x0e\x00\xf8\xa5\x5b", "application/json", "br")

    assert found is not None
    assert found.words == "compressed (br)"


@pytest.mark.parametrize("body", [b"", b"{}", b'"x"', b"null", b"1", TEXT.encode(), b"/* x */ []", b"{", b"{]", b"x"])
def test_says_nothing_of_what_is_readable_or_plainly_wrong(body):
    assert what_is(body, "application/json") is None


def test_what_is_compressed_is_not_expanded_without_a_bound():
    found = what_is(gzip.compress(bytes(2**26)), "", "gzip")

    assert found is not None
    assert found.document is None


@given(st.binary(max_size=60), st.sampled_from(["", "gzip", "deflate", "br", "nonsense"]))
def test_whatever_the_bytes_it_is_no_mistake_of_ours(body, encoding):
    found = what_is(body, "application/json; charset=utf-16", encoding)

    assert found is None or found.words


def declaring(client: Explained) -> tuple[str, str, dict]:
    return "POST", DECLARATIONS, declaration(client, "Jane Smith", "started", "2025-10-13T00:00:00Z", note="é")


def declaring_v1(client: Explained) -> tuple[str, str, dict]:
    return "POST", DECLARATIONS.replace("v3", "v1"), declaring(client)[2]


def confirming(client: Explained) -> tuple[str, str, dict]:
    school, partner = client.id("schools.Willowdene School"), client.id("delivery_partners.Kestrel Teaching School Hub")
    given = {"cohort": "2025", "school_id": school, "delivery_partner_id": partner, "note": "é"}
    return "POST", PARTNERSHIPS, attributes("ecf-partnership", **given)


def deferring(client: Explained) -> tuple[str, str, dict]:
    path = f"{PARTICIPANTS}/{client.id('people.Jane Smith')}/defer"
    return "PUT", path, attributes("participant-defer", reason="other", course_identifier="ecf-induction", note="é")


WIRE = {name: BODIES[name] for name in BODIES if name not in ("percent-encoded",)} | {
    "latin-1": (of("latin-1"), "", "Latin-1 or Windows-1252, not UTF-8")
}


@pytest.mark.parametrize("asking", [declaring, declaring_v1, confirming, deferring])
@pytest.mark.parametrize(("encode", "encoding", "words"), WIRE.values(), ids=WIRE.keys())
class TestEveryWrite:
    def test_finds_explains_and_offers_alike(self, asking, encode, encoding, words):
        client = Explained(judged=False)
        method, path, document = asking(client)
        token = ("Authorization", "Bearer ambition-token")
        headers = [token, ("Content-Type", "application/json"), ("Content-Encoding", encoding)]

        reply = client.send(method, path, headers, encode(json.dumps(document, ensure_ascii=False, indent=1).encode()))
        explanation = client.why()

        assert reply.status == 400
        assert "body.unreadable" in [it.code for it in client.last().findings]
        assert f"The body is {words}" in explanation.summary or words in explanation.summary
        assert explanation.reasons == ()
        offered = explanation.suggestions[0]
        assert (offered.request.body, offered.passes) == (document, True)
        assert client.tried(*offered.first, offered.request) == 200


def test_a_body_in_parts_whose_type_says_so_is_offered_as_json(client):
    method, path, document = declaring(client)
    headers = [("Authorization", "Bearer ambition-token"), ("Content-Type", "multipart/form-data; boundary=x-1")]

    client.send(method, path, headers, multipart(json.dumps(document).encode()))

    explanation = client.why()
    assert explanation.summary.startswith("The body is a multipart form.")
    assert explanation.suggestions[0].request.body == document


def test_a_query_that_is_wrong_is_not_blamed_on_the_body(client):
    headers = [("Authorization", "Bearer ambition-token"), ("Content-Type", "text/plain")]

    client.send("POST", f"{PARTNERSHIPS}?filter=2025", headers, TEXT.encode("utf-16"))

    assert "Filter must be a hash" in client.why().summary


def test_a_refusal_for_a_mark_is_no_fault_of_the_world(client):
    method, path, document = declaring(client)

    client(method, path, "\ufeff" + json.dumps(document))

    assert client.why().reasons == ()
