"""What models write: samples, continuations, tunes, quizzes."""
