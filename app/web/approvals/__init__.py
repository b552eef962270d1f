"""Approvals: what waits for a second person, each request whole, and the decision about it."""
