"""Who may do what: every thing × every verb × every kind of person, by pages, parts, sockets and the API."""
