"""The team's pages: its members, its invitations, its own life, its audit."""
