"""Cover: what warranty and contract pay for a device on a day, and who decided by which a request is charged."""
