"""What the paper says, and nothing else: torch only; no files, no clock, no printing."""
