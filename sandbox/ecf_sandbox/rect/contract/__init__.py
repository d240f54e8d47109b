"""What the documents of this API are tried with."""
