"""What must be survived: one test at least for every numbered fault."""
