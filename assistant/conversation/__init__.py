"""Turn a question that leans on the conversation into one that can be searched for on its own.

No model: a follow-up is recognised by how it opens, by how little it says, and by words that point
back where it names nothing ("wie betaalde dat?"). It is searched together with the questions before
it, back to the last one that stands on its own, and with what its words refer to in the reply: a
person, an item of a list, an organisation, a year. The question itself is kept beside the rewritten
one, so its language and wording are never lost.

The limits were chosen on conversations that people wrote (MT-RAG, and the cases of the eval suite)
against changes of subject put together from single questions: a follow-up that is taken for a new
question loses more than a new question that is searched with an old one.
"""

from assistant.conversation.rewrite import to_search_query

__all__ = ["to_search_query"]
