"""The guide, in the product: the pages of docs/guide, as they stand in the repository."""
