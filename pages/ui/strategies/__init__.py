"""Strategies: g-steps, d-steps and k, and one setting at a time."""
