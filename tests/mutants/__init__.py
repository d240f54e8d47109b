"""Small mistakes made on purpose in rules and actions, one at a time: does a test notice?

`mutation.py` lists what can be made wrong in a module, `catalogue.py` all mutants of every service, `reach.py` which
tests reach which line. `switch.py` makes one thing wrong, in functions that are loaded or as a module is imported, so
that no file changes. `judge.py` does that in forks of this process (`forks.py`), in which tests run to the first that
fails (`session.py`). What was found is kept below the user's cache (`results.py`) and not found again while the
function stays as it is. What no test should notice is in `accepted.toml`, with reasons.
"""
