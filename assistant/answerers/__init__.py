"""Ways to write an answer from retrieved passages."""
