"""The box on every page: names, ids, hints of keys, request ids of refusals (SPEC 14)."""
