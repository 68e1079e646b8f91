"""The corpora: the registry, what ships or is fetched, and uploads."""
