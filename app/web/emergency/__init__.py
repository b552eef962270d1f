"""What is open now: the banner on pages, and the news of it."""
