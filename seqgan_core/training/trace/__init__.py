"""Algorithm 1 traced line by line, and the traces that ship."""
