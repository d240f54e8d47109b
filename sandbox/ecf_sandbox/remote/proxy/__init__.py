"""A proxy before another server of the API: passes everything through unchanged, and observes both sides."""
