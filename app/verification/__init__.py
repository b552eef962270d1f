"""The read side: answers verifying services. Nothing of the dashboard is here."""
