"""A person's own page: who they are here, where they are signed in, their password."""
