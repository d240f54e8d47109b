"""Submit the declarations in a file of JSON: a list of objects with the attributes of one declaration each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lead_provider_api import Json, LeadProviderApi, Refused

# How the states begin in which a declaration stands no more, so that it can be made again.
TAKEN_BACK = ("voided", "ineligible", "awaiting", "clawed")
SAME = ("participant_id", "declaration_type", "course_identifier")


def submit(
    api: LeadProviderApi, declarations: Iterable[dict[str, Any]]
) -> tuple[list[Json], list[tuple[Json, Refused]]]:
    """Submit each once; answers those that were accepted, and those that were refused with the reasons.

    What was accepted before is not sent again: its answer may have been lost on the way.
    """
    accepted, refused = [], []
    for attributes in declarations:
        try:
            accepted.append(submitted_before(api, attributes) or api.declare(**attributes))
        except Refused as why:  # a person has to look at it: the next one may be sound all the same
            refused.append((attributes, why))
    return accepted, refused


def submitted_before(api: LeadProviderApi, attributes: dict[str, Any]) -> Json | None:
    """The same declaration as the service keeps it, if it does and it stands."""
    made = api.declarations(str(attributes.get("participant_id")))
    return next((it for it in made if is_same(attributes, it["attributes"])), None)


def is_same(attributes: dict[str, Any], made: Json) -> bool:
    """Whether a declaration that was made, and stands, is the one with these attributes: of the same day, too."""
    same_day = str(attributes.get("declaration_date"))[:10] == made["declaration_date"][:10]
    return same_day and not made["state"].startswith(TAKEN_BACK) and all(made[it] == attributes.get(it) for it in SAME)


if __name__ == "__main__":
    accepted, refused = submit(LeadProviderApi.from_environment(), json.loads(Path(sys.argv[1]).read_text()))
    for it in accepted:
        print(f"accepted {it['id']}: {it['attributes']['declaration_type']} is {it['attributes']['state']}")
    for attributes, why in refused:
        print(f"refused {attributes.get('declaration_type')} of {attributes.get('participant_id')}: {why}")
    sys.exit(1 if refused else 0)
