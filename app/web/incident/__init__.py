"""Incidents: many tokens stopped at once, chosen by what they have in common or by hand."""
