"""What a ward reports by scanning a device's label, and what the hospital's equipment department makes of it."""
