"""The reasons to refuse a request, one small predicate each."""
