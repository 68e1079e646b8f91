"""One file for each corpus that the lab knows; `SOURCES` in it lists what the file provides."""
