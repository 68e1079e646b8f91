"""The training lab: the form, the run, its charts and controls."""
