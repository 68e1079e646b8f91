"""What several screens share: the session, the address, words, pieces of HTML, jobs."""
