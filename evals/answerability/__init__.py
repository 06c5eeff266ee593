"""Whether the assistant knows what it can answer: labelled questions, and how well its judgement fits them."""
