"""A local, in-memory fake of the DfE Lead Provider API."""

__version__ = "0.3.0"
