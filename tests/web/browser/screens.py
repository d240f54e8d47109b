"""One address for each screen, and for each form of it that looks different."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import quote

from tests.web.browser.driving import RECT_WORLD

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

# Those of Register early career teachers.
RECT_EARLY = "/ui/stories/rect-evidence-and-sequence-from-2025/1"
RECT_STEP = "/ui/stories/rect-deferral-and-return/4"
RECT = f"/ui/worlds/{RECT_WORLD}"
SCREENS |= {
    "rect: a cover": "/ui/stories/rect-deferral-and-return",
    "rect: a refused step": RECT_STEP,
    "rect: a step of an appropriate body": "/ui/stories/rect-evidence-and-sequence-from-2025/4",
    "rect: why it was refused": f"{RECT_STEP}/why",
    "rect: a variation": f"{RECT_STEP}/vary",
    "rect: a variation that was asked": f"{RECT_EARLY}/vary?evidence_held=other",
    "rect: a world": RECT,
    "rect: people": f"{RECT}/people",
    "rect: somebody": f"{RECT}/people/Noor%20Khan",
    "rect: somebody's periods": f"{RECT}/people/Noor%20Khan?tab=periods",
    "rect: somebody's declarations": f"{RECT}/people/Noor%20Khan?tab=declarations",
    "rect: somebody as seen by each": f"{RECT}/people/Noor%20Khan?tab=views",
    "rect: statements": f"{RECT}/statements",
    "rect: a statement": f"{RECT}/statements/Ambition%20Institute.2025.2025-11",
    "rect: schools": f"{RECT}/schools",
    "rect: a school": f"{RECT}/schools/Oakfield%20Academy",
    "rect: partnerships": f"{RECT}/partnerships",
    "rect: a partnership": f"{RECT}/partnerships/Oakfield%20Academy.2025.Ambition%20Institute",
    "rect: the clock": f"{RECT}/clock",
    "rect: what can happen": f"{RECT}/act",
    "rect: an event": f"{RECT}/act/register_ect",
    "rect: an event that was asked": f"{RECT}/act/induction_ends?ask=1",
    "rect: the journal": f"{RECT}/journal",
}
