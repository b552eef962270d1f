"""What requests are about, a file for each kind: on what a decision rests, and what it does."""
