"""Algorithm 1, stepped through with every variable."""
