"""A curl command as it stands in cmd, the older shell of Windows."""

from __future__ import annotations

import re

from ecf_sandbox.tools.explain.captured import CannotRead

# A caret that goes on with the next line, or that keeps a quote from cmd: how browsers copy "as cURL (cmd)".
_CMD = re.compile(r"\^(?:[ \t]*\r?\n|\")")
_CURL = re.compile(r"\s*(?:[A-Za-z]:\\[^>\n]*>|PS [^>\n]*>)?\s*&?\s*\"?(?:\S*[/\\])?curl(?:\.exe)?\"?\s", re.IGNORECASE)
_REMARKS = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)+")
_PROMPT = re.compile(r"\s*(?:PS (?:[A-Za-z]:)?[^>\n]*>|[A-Za-z]:\\[^>\n]*>)\s*")


def without_prompt(text: str) -> str:
    """The command alone, without what the shell wrote before it, and without remarks."""
    text = _REMARKS.sub("", text)
    found = _PROMPT.match(text)
    return text[found.end() :] if found else text


def is_cmd(text: str) -> bool:
    """Whether it is a curl command as cmd takes it."""
    return _CMD.search(text) is not None and _CURL.match(text) is not None


def words_of_cmd(text: str) -> list[str]:
    """The words of a command line of cmd: carets first, as cmd does, then quotes, as programs do."""
    return _argv(_without_carets(text.strip()))


def _without_carets(text: str) -> str:
    """What cmd hands to a program. Within quotes a caret is itself, but at the end of a line, where people mean it."""
    out: list[str] = []
    quoted, at = False, 0
    text = re.sub(r"\^[ \t]*\r?\n", "^\n", text)
    while at < len(text):
        it = text[at]
        if it == "^" and text[at + 1 : at + 2] == "\n":
            # An escaped line end is followed by one that counts, where the text itself has one.
            out.append("\n" if text[at + 2 : at + 3] == "\n" else " " if not quoted else "")
            at += 3 if text[at + 2 : at + 3] == "\n" else 2
            continue
        if it == "^" and not quoted and at + 1 < len(text):
            out.append(text[at + 1])
            at += 2
            continue
        if it == '"':
            quoted = not quoted
        if it == "\n" and not quoted:
            break  # the next command
        out.append(it)
        at += 1
    return "".join(out)


def _argv(line: str) -> list[str]:
    r"""A line as programs on Windows take it apart: `\"` and `""` within quotes are a quote.

    Apostrophes at the ends of a word are taken for quotes, as whoever copies from a page means them.
    """
    words: list[str] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word, at = _apostrophes(line, at) or _word(line, at)
        words.append(word)
    return words


def _apostrophes(line: str, at: int) -> tuple[str, int] | None:
    found = re.compile(r"'([^']*)'(?=\s|$)").match(line, at)
    return (found[1], found.end()) if found else None


def _word(line: str, at: int) -> tuple[str, int]:
    out: list[str] = []
    quoted = False
    while at < len(line) and (quoted or not line[at].isspace()):
        slashes = len(line) - at - len(line[at:].lstrip("\\")) if line[at] == "\\" else 0
        if slashes:
            at += slashes
            if line[at : at + 1] == '"':
                out.append("\\" * (slashes // 2))
                if slashes % 2:
                    out.append('"')
                    at += 1
            else:
                out.append("\\" * slashes)
        elif line[at] == '"':
            if quoted and line[at + 1 : at + 2] == '"':
                out.append('"')
                at += 1
            else:
                quoted = not quoted
            at += 1
        else:
            out.append(line[at])
            at += 1
    if quoted:
        raise CannotRead("the command cannot be taken apart: a quote is not closed; look at its quotes")
    return "".join(out), at
