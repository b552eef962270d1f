"""The example, apart from its story: marked as such, given a past, and removed again (SPEC 15)."""
