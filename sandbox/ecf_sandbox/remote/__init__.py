"""Another server of the API: a proxy before it, and how its answers differ from the sandbox's."""
