"""The audit log: every event, narrowed down and taken out."""
