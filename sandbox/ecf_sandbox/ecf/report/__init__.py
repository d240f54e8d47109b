"""What a report says of this service: the tests that the DfE asks a provider for."""
