"""The check that a sentence says no more than the passages it cites: pure, and without a model.

reading.py      a text as segments (clauses) with their words, figures, names and markers
words.py        which words stand for each other, within a language and across, and which exclude each other
alignment.py    the segments of the passages that a segment of the sentence speaks of
statements.py   both side by side
figure_check.py, name_check.py, negation_check.py, condition_check.py   what is asserted there and here
figure_cover.py, figure_sides.py   whether two figures are one, however written; on which side of a date something is
figure_context.py, figure_regions.py, attachment.py   what a figure belongs to: each or in total, beside which words
order_check.py  before and after
name_places.py, subject_check.py   of whom, or of what, something is said
copy_check.py   a sentence that is all but copied
"""

from assistant.verifier.check import check
from assistant.verifier.passage import Passage

__all__ = ["Passage", "check"]
