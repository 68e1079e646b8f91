"""What stands around every page: the first page of the server, the tour, what is training."""
