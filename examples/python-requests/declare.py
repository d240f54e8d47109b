"""Submit the declarations in a file of JSON: a list of objects with the attributes of one declaration each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lead_provider_api import Json, LeadProviderApi, Refused


def submit(
    api: LeadProviderApi, declarations: Iterable[dict[str, Any]]
) -> tuple[list[Json], list[tuple[Json, Refused]]]:
    """Submit each once; answers those that were accepted, and those that were refused with the reasons."""
    accepted, refused = [], []
    for attributes in declarations:
        try:
            accepted.append(api.declare(**attributes))
        except Refused as why:  # a person has to look at it: the next one may be sound all the same
            refused.append((attributes, why))
    return accepted, refused


if __name__ == "__main__":
    accepted, refused = submit(LeadProviderApi.from_environment(), json.loads(Path(sys.argv[1]).read_text()))
    for it in accepted:
        print(f"accepted {it['id']}: {it['attributes']['declaration_type']} is {it['attributes']['state']}")
    for attributes, why in refused:
        print(f"refused {attributes.get('declaration_type')} of {attributes.get('participant_id')}: {why}")
    sys.exit(1 if refused else 0)
