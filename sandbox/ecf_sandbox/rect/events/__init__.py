"""Verbs: what schools, appropriate bodies and the DfE do, outside the provider API (behaviour/rect.md#18)."""
