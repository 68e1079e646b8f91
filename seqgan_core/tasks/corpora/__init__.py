"""Where corpora come from: the registry, the three kinds of source, and the catalogue."""
