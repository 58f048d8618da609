"""What every audience shares: a file, a document, a record by its number."""
