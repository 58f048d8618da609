"""Repair plans and their prices: what is to be done, what it costs, and the customer's consent to it (F04)."""
