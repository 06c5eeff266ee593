"""Conversations, asked turn by turn: false premises, follow-ups, corrections, changes of subject and of language."""
