"""Keys: their list, one key, what is done to them, and trying them."""
