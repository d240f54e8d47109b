"""Time zones as people and machines write them, as seconds ahead of UTC."""

import re

HOUR = 60 * 60

# Summer time is part of the name: nothing here knows when clocks change.
_HOURS_AHEAD: dict[str, float] = (
    {"ut": 0, "utc": 0, "gmt": 0, "wet": 0, "z": 0, "bst": 1, "west": 1}
    | {"cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "jst": 9, "kst": 9}
    | {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
    # Military letters leave out J; A to M lie east, N to Y west.
    | {letter: ahead for ahead, letter in enumerate("abcdefghiklm", 1)}
    | {letter: -behind for behind, letter in enumerate("nopqrstuvwxy", 1)}
)
_SEASON = re.compile(r"\s+(?:(?P<normal>standard\s+time)|daylight\s+time|dst)\Z", re.ASCII)
_NUMERIC = re.compile(
    r"(?:gmt|utc?)?(?P<sign>[-+])"
    r"(?:(?P<colon>\d+(?::\d+){1,2})|(?P<hours>\d+)[.,](?P<part>\d+)|(?P<digits>\d+))",
    re.ASCII,
)


def seconds_ahead(zone: str) -> int | None:
    """Seconds ahead of UTC for `Z`, `+01`, `+0100`, `+01:00`, `GMT+1`, `BST`, …; None if unknown.

    Nothing is out of range here: minutes over 59 and hours over 23 are counted
    (recorded: declarations/post/date-format/offset-minutes-99).
    """
    zone = zone.lower()
    if numeric := _NUMERIC.fullmatch(zone):
        return _counted(numeric)
    season = _SEASON.search(zone)
    hours = _HOURS_AHEAD.get(zone[: season.start()] if season else zone)
    if hours is None:
        return None
    return int(hours * HOUR) + (HOUR if season and not season["normal"] else 0)


def _counted(numeric: re.Match[str]) -> int:
    if colon := numeric["colon"]:
        ahead = _of_pairs(colon.split(":"))
    elif part := numeric["part"]:
        ahead = int(numeric["hours"]) * HOUR + int(part[:9]) * HOUR // 10 ** len(part[:9])
    else:
        ahead = _of_pairs(_pairs(numeric["digits"]))
    return -ahead if numeric["sign"] == "-" else ahead


def _pairs(digits: str) -> list[str]:
    """`0130` is 01 and 30, `130` is 1 and 30; what follows the seconds is not looked at."""
    first = 2 - len(digits) % 2
    return [digits[:first], *(digits[at : at + 2] for at in range(first, len(digits), 2))][:3]


def _of_pairs(parts: list[str]) -> int:
    hours, minutes, seconds = (*map(int, parts), 0, 0)[:3]
    return (hours * 60 + minutes) * 60 + seconds
