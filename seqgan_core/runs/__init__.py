"""What happened: the library of runs, the loop that trains a stored run, and the worker."""
