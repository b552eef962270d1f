"""The first page: what waits, and one's own applications."""
