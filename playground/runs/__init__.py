"""Runs belong to the site, not to a socket: one writer numbers and stores the frames, any number of watchers read them."""
