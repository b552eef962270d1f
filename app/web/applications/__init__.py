"""Applications: what a client program is, whose it is, and its tokens."""
