"""What each version answers, a module for a version: records as JSON:API documents, keys in the order of the wire."""
