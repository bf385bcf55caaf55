"""Saved requests: the list, one request's page, and what people do to them."""
