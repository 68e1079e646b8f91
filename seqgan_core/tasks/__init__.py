"""On what data: the Task protocol, its checker, and one file a task."""
