"""Compares another server of the API with the sandbox: the same readings there and here, and how the answers differ."""
