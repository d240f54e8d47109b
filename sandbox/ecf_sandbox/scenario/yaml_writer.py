"""Data as YAML that a person reads."""

from __future__ import annotations

from typing import Any

import yaml


def as_yaml(tree: Any) -> str:
    """Everything written out, in the order that it has, texts of several lines as blocks."""
    text: str = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return text


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # the pure one is the same, slower
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML calls it
        """What is alike has no names to refer to one another by."""
        return True


def _block(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)
