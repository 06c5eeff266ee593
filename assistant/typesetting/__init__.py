"""Documents as PDF: the reports of the corpus, and whatever else has a template."""

from assistant.typesetting.filled import typeset_filled
from assistant.typesetting.reports import Typeset, typeset

__all__ = ["Typeset", "typeset", "typeset_filled"]
