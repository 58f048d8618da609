"""What operators type: `flask demo`, `flask audit verify`, `flask outbox list`, `flask permissions`."""
