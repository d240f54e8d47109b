"""Moments: how the service reads them from text, and how it writes them."""
