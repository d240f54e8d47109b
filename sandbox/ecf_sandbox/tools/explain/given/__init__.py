"""Requests as people have them at hand: a curl command, the text of HTTP, an exchange of a journal."""
