"""Commands on the host."""
