"""Finding devices, requests, customers and products by whatever somebody remembers of them."""
