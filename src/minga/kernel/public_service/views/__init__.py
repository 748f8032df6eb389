"""The house's own pages: what it is, and the desk of whoever works in it."""
