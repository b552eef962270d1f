"""What pages and rules read, by area. A query about what belongs to people takes the person who asks."""
