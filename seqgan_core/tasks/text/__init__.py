"""Text: readers, cleaning, the tasks of poems and speeches."""
