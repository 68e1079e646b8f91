-- Added to a library of version 1.
CREATE TABLE votes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, created REAL NOT NULL, quiz TEXT NOT NULL,
    round_seed INTEGER NOT NULL, model TEXT NOT NULL, shown TEXT NOT NULL,
    chose INTEGER NOT NULL, human INTEGER NOT NULL, session TEXT NOT NULL,
    UNIQUE (session, quiz, model, round_seed)
);
CREATE INDEX votes_by_quiz ON votes (quiz, model);
