"""What a browser may look at: the OpenAPI documents, and pages to read and try them."""
