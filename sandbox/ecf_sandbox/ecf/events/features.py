"""The switches that the DfE's staff throw."""

from __future__ import annotations

from typing import Annotated

from ecf_sandbox.ecf.domain.declarations import Feature
from ecf_sandbox.state.turn import Turn


def set_feature_flag(
    turn: Turn, name: Annotated[str, "the name of the feature"], active: Annotated[bool, "whether it is on"]
) -> Feature:
    """The DfE switches a feature of the service on or off for everybody."""
    feature = Feature(name=name, active=active)
    turn.save(feature)
    return feature
