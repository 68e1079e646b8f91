"""The library on disk: database, files, locks, and what can go wrong."""
