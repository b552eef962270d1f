"""What verification reads, by the database's own driver: without a session, and with a limit to its patience."""
