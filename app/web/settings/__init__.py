"""Settings: the approval policy to edit, and the environment to read. For superusers."""
