"""What several screens show of a run: its charts, its downloads, how long it takes."""
