"""Plays histories against a client in any language, and keeps those that it does not come through."""
