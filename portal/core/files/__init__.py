"""Files: what people send and what the portal makes, kept outside the database."""
