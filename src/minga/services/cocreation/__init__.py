"""Anybody proposes: a problem of the country and a solution, with a code to follow it by."""
