"""Hospital users: devices, requests, signature, documents."""
