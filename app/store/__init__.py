"""Rows: how they are laid out, read, and changed in one transaction."""
