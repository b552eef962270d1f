"""The scope catalogue, to read."""
