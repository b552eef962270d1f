"""Verbs: each opens one transaction, asks the rules, changes rows and writes one audit event."""
