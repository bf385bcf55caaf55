"""A call made from what a person filled in: sent as given, or refused by name with a way on."""
