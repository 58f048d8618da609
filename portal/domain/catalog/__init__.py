"""Products: what is sold and served, with its class, registration and UDI-DI."""
