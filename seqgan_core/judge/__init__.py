"""Which method is better, by how much, and how sure one can be."""
