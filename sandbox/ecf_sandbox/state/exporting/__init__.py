"""Worlds and their records written down as plain values, and read back as they were."""
