"""The library on disk: database, files, locks and their errors."""
