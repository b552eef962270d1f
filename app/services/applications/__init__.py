"""What people do to applications, one file for each verb."""
