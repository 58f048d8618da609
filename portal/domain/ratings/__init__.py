"""Ratings: what the customer thinks of each finished service, and what we make of it (F06, F42)."""
