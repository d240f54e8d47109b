"""The control plane: what is done to worlds from outside the provider API, under one name in every place."""
