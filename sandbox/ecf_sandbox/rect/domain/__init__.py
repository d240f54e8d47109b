"""The nouns: frozen records, their states and the moves between them."""
