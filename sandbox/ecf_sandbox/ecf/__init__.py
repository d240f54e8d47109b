"""The service of the DfE's how-to guide: its nouns, rules, events, endpoints and documents."""
