"""Tokens: the form that issues one, the one page that shows its key, its own page, and what is done to it there."""
