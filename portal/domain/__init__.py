"""Rules: what after-sales service is. Knows no web, no queue, no PDF engine."""
