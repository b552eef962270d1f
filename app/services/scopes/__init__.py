"""The scope catalogue: one scope added or edited, or many loaded from a file."""
