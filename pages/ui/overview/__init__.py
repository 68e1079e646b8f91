"""The overview: the animated data flow and the replayed run."""
