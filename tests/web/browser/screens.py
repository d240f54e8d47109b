"""One address for each screen, and for each form of it that looks different."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import quote

STEP = "/ui/stories/paid-void-clawback/7"
EARLY = "/ui/stories/started-too-early-and-too-late/1"

SCREENS = {
    "home": "/ui/",
    "a search": "/ui/?q=clawed",
    "a search that finds nothing": f"/ui/?q={quote('<script>alert(1)</script>')}",
    "keys": "/ui/keys",
    "a cover": "/ui/stories/duplicate-declaration",
    "a cover of one edition": "/ui/stories/paid-void-clawback",
    "a refused step": STEP,
    "a step with all open": f"{STEP}?open=request,answer,curl",
    "a step of an event": "/ui/stories/payment-of-statements/4",
    "the longest story's last step": "/ui/stories/twelve-step-overview/27",
    "a step presented": f"{STEP}?present=1",
    "a step without what comes next": f"{STEP}?ahead=0",
    "a step with many people": "/ui/stories/paging-through-350-participants/3",
    "why it was refused": f"{EARLY}/why",
    "why it was accepted": "/ui/stories/paid-void-clawback/1/why",
    "why it could not be read": "/ui/stories/malformed-requests/3/why",
    "a variation": f"{EARLY}/vary",
    "a variation that was asked": f"{EARLY}/vary?declaration_date=2025-10-10",
    "a suggestion with something first": "/ui/stories/duplicate-declaration/2/vary?suggestion=1",
}
ABSENT = "/ui/stories/nothing"

# The pages of worlds, where there are any.
HAS_WORLDS = find_spec("ecf_sandbox.web.ui.world_views") is not None
WORLD = "/ui/worlds/main"
if HAS_WORLDS:
    SCREENS |= {
        "a world": WORLD,
        "people": f"{WORLD}/people",
        "somebody": f"{WORLD}/people/Jane%20Smith",
        "statements": f"{WORLD}/statements",
        "schools": f"{WORLD}/schools",
        "the clock": f"{WORLD}/clock",
        "what can happen": f"{WORLD}/act",
        "an event": f"{WORLD}/act/change_name",
        "an event that was asked": f"{WORLD}/act/change_name?ask=1",
        "the journal": f"{WORLD}/journal",
        "a reset": f"{WORLD}/reset",
        "the report": "/ui/report",
    }
