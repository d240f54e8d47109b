"""What goes wrong before a request is understood at all; answered without a body."""


class Unreadable(Exception):
    """A query or a body that cannot be parsed (400)."""


class UnknownMediaType(Exception):
    """A Content-Type that is not of the form type/subtype (406)."""
