"""A local, in-memory fake of the DfE Lead Provider API."""

__version__ = "0.1.0"
