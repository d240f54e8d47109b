"""The verbs: what providers, schools and the DfE do."""
