"""Worlds for a test-suite: prepared once, forked for each test, asked in process or over HTTP."""
