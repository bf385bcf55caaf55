"""The story of saved requests: what they send, how versions differ, whom they are shared with, links to runs."""
