"""Checks of saved requests: what is demanded of an answer, judged; rounds of runs, conducted on the server."""
