"""Signing in and out, one-time links, and the password once more."""
