"""Which statements of the person's code write which gradient."""
