"""What people do to tokens, one file for each verb."""
