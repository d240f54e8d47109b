"""What a tolerant reading found in a text: some of the numbers that make a moment."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The numbers found, as written; None where the text is silent."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    microsecond: int | None = None
    offset: int | None = None
    """Seconds ahead of UTC; None also for a zone nobody knows, which then counts as UTC."""
    century_missing: bool = False
    """The year is short of its century, should it be under 100."""
    hint: bool = False
    """A weekday, a week or a day of the year was recognised, which no reader counts with."""

    @property
    def full_year(self) -> int | None:
        """The year, with 69 to 99 in the last century and 0 to 68 in this one."""
        if self.year is None or not self.century_missing or not 0 <= self.year <= 99:
            return self.year
        return self.year + (1900 if self.year >= 69 else 2000)

    def overlaid(self, by: "Parts") -> "Parts":
        """These parts, with whatever the others know in place of what these say."""
        found = {
            name: theirs if theirs is not None and theirs is not False else getattr(self, name)
            for name in (it.name for it in fields(self))
            for theirs in (getattr(by, name),)
        }
        return Parts(**found)


NOTHING = Parts()


def microseconds(fraction: str) -> int:
    """The digits after the decimal point as microseconds, cut and not rounded."""
    return int(fraction[:6].ljust(6, "0"))
