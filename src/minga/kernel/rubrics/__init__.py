"""Judgement by a rubric: many score things apart, and nobody sees another's score first."""
