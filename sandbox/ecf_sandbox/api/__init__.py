"""The provider API over HTTP."""
