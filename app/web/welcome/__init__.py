"""One-time links: how a person gets in for the first time, or again."""
