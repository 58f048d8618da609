"""What needs no account: checking a document, health."""
