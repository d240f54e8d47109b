"""A service of three endpoints, which lends books: a folder, and the entry point beside it."""
