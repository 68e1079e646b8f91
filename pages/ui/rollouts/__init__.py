"""The roll-out explorer: one token's Q and the completions behind it."""
