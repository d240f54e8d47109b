"""The documents of answers."""
