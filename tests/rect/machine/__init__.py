"""The API of RECT as a state machine, against a model of what should be there."""
