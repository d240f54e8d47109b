"""Which attributes are about a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# `name` alone is that of a school or of a delivery partner.
KINDS: Final[Mapping[str, str]] = {
    "full_name": "name",
    "induction_tutor_name": "name",
    "email": "email",
    "induction_tutor_email": "email",
    "teacher_reference_number": "trn",
}
