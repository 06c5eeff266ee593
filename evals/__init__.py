"""Measure the assistant: on other people's question sets, and against the clock."""
