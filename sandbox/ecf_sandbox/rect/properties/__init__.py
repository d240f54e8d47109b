"""What is drawn for tests of a client of this API, and what must hold of every such client."""
