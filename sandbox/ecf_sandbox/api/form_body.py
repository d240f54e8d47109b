"""Read form bodies: `a[b]=1&c[]=2`, whose names stand for nested objects and lists, and multipart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from ecf_sandbox.rulebook.refusals import UnreadableRequest

MOST_PAIRS = 4096
DEEPEST = 100

_SEPARATORS = {b"&": re.compile(rb"& *"), b"&;": re.compile(rb"[&;] *")}
_BAD_ESCAPE = re.compile(rb"%(?![0-9a-fA-F]{2})")
_KEY = re.compile(r"[\[\]]*([^\[\]]+)\]*")
_BRACKETS = re.compile(r"[\[\]]+")


def read_pairs(raw: bytes, separators: bytes) -> dict[str, Any]:
    """The nested parameters of a query (separators `&;`) or a form (`&`). Raises Unreadable.

    Source: behaviour/http-and-partnerships.md#b8.
    """
    if raw.count(b"&") >= MOST_PAIRS:
        raise UnreadableRequest(f"more than {MOST_PAIRS} parameters")
    if _BAD_ESCAPE.search(raw):
        raise UnreadableRequest("a percent sign without two hexadecimal digits after it")
    return nested(_pairs(raw, separators))


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values as the tree that the names describe. Raises Unreadable for names that conflict."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _put(tree, name, value, DEEPEST)
    return tree


def _pairs(raw: bytes, separators: bytes) -> Iterator[tuple[str, str | None]]:
    for pair in _SEPARATORS[separators].split(raw):
        name, equals, value = pair.partition(b"=")
        yield _text(name), _text(value) if equals else None


def _text(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise UnreadableRequest("a name or value is not UTF-8") from None


def _put(tree: dict[str, Any], name: str, value: Any, depth: int) -> None:
    """Put the value where a name such as `a`, `a[b]`, `a[]` or `a[][b]` says."""
    if depth <= 0:
        raise UnreadableRequest(f"names are nested more than {DEEPEST - 1} deep")
    head = _KEY.match(name)
    if head is None:
        return  # `=x` and `[]=x` name nothing
    key, rest = head[1], name[head.end() :]
    if rest in ("", "["):
        tree[key + rest] = value
    elif rest == "[]":
        _branch(tree, key, list).append(value)
    elif rest.startswith("[]"):
        _put_in_list(_branch(tree, key, list), rest[2:], value, depth - 1)
    else:
        _put(_branch(tree, key, dict), rest, value, depth - 1)


def _put_in_list(items: list[Any], name: str, value: Any, depth: int) -> None:
    """`a[][b]` belongs to the last object of the list, unless that has a `b` already."""
    last = items[-1] if items else None
    if isinstance(last, dict) and not _has(last, name):
        _put(last, name, value, depth)
    else:
        item: dict[str, Any] = {}
        _put(item, name, value, depth)
        items.append([value] if name == "[]" else item)


def _has(tree: Any, name: str) -> bool:
    if "[]" in name:
        return False
    for key in filter(None, _BRACKETS.split(name)):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True


def _branch(tree: dict[str, Any], key: str, kind: type) -> Any:
    """What stands under the key, made if nothing does. A value of another kind there is a conflict."""
    found = tree.get(key)
    if found is None:
        found = tree[key] = kind()
    elif not isinstance(found, kind):
        raise UnreadableRequest(f"{key!r} is used in two ways")
    return found


def boundary_of(content_type: str) -> bytes | None:
    """The boundary that the header names, if it does."""
    # Imported here, as below, because next to nobody sends a form in parts, and everybody waits for the start.
    from werkzeug.http import parse_options_header

    boundary = parse_options_header(content_type)[1].get("boundary")
    return boundary.encode("latin-1", "replace") if boundary else None


def read_multipart(body: bytes, boundary: bytes) -> dict[str, Any]:
    """The nested parameters of a multipart body; a file is an object, never text. Raises Unreadable."""
    from werkzeug.exceptions import RequestEntityTooLarge

    try:
        return nested(_parts(body, boundary))
    except RequestEntityTooLarge:  # which is no ValueError
        raise UnreadableRequest(f"more than {MOST_PAIRS} parts") from None
    except (ValueError, RuntimeError) as wrong:
        raise UnreadableRequest(str(wrong)) from None


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[str, Any]]:
    from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

    decoder = MultipartDecoder(boundary, max_parts=MOST_PAIRS)
    decoder.receive_data(body)
    decoder.receive_data(None)
    name, made, value = "", None, b""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            name, made, value = event.name or "", event, b""
        elif isinstance(event, Data):
            value += event.data
            if not event.more_data:
                yield name, {"filename": made.filename} if isinstance(made, File) else value.decode()
