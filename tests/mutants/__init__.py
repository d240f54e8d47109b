"""Small mistakes made on purpose in rules and actions, one at a time: does a test notice?

`mutation.py` lists what can be made wrong in a module, `reach.py` which tests reach which line, `switch.py` makes one
thing wrong while a module is imported, so that no file changes, and `run.py` runs the tests that reach it. What was
found is kept below the user's cache and not found again while the module stays as it is. What no test should notice is
in `accepted.toml`, with reasons.
"""
