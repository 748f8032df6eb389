"""Bodies that decide together: who sits in them, and what they decided."""
