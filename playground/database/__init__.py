"""The database as Django's settings name it: Django's own, with a quicker look at connections (`base`, as Django wants it)."""
