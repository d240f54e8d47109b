"""The provider API as a state machine, against a model of what should be there."""
