"""What make does: install, build, translate, check."""
