"""Comparing answers: one request at several models, keys and values at once; kept as one document."""
