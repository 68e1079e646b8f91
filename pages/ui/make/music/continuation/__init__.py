"""A beginning drawn by hand, and how a model continues it."""
