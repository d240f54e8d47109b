"""Whose behaviour is shown: the guidance's, or the live service's (behaviour/rect.md#7)."""

from __future__ import annotations

from ecf_sandbox.state.editions import Edition

# What each switch means, for --help, `ecf-sandbox editions` and the docs.
SWITCHES: dict[str, str] = {
    "database_clock_shown": (
        "a new partnership, a new declaration that stays submitted, and a transfer from or to training that is new "
        "have the world's present as `updated_at`, although a server date was sent"
    ),
}

GUIDANCE = Edition(name="guidance", switches={"database_clock_shown": False})
LIVE = Edition(name="live", switches={"database_clock_shown": True})
EDITIONS: dict[str, Edition] = {it.name: it for it in (GUIDANCE, LIVE)}
