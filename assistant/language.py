"""Which language a text is in: Dutch, English, or (documents only) neither."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.types import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Words that are written the same in both languages ("is", "in", "of", "was", "we", "over", "door", "men",
# "want", "had", "have" as noun...) stand in neither list: they are no evidence.
_DUTCH = frozenset(
    "aan al alle als andere bij bijvoorbeeld binnen daar dan dat de deze dit dus een eerste elke en er gaan geen "
    "gebruik geweest haar hebben heb heeft hebt het hier hij hun ik ja je jij jou jouw jullie kan kun kunnen kunt "
    "maar maken meer mag met mij mijn moet moeten mogen naar naast nee niet nieuwe nog nu om ons onze ook op "
    "per sinds sommige te tegen tijdens toen tot tussen u uit uw van veel via vooral voor waren wel werd werden "
    "wij wil willen wordt worden wilt ze zelf zich zij zijn zoals zonder zou zouden zullen zal zo "
    "bestaan bestaat betekent bedoel deed deden doen doet duurt geef geeft gaat houdt komt kost kosten krijg "
    "krijgt leg maak maakt noem staat staan toon vertel werkt werken zit zoek "
    "alsjeblieft bedankt graag".split()
)
_ENGLISH = frozenset(
    "about after all and any are as at because been before being between but by can cannot could did do does each "
    "every for from has have he her here his how i if into it its let like made make may me might more most must my "
    "no not on or other our out she should some such than that the their them then there these they this those "
    "through to under until up us very were which while will with without would you your an a be also between "
    "explain give list mean means name say says show tell cost costs find get got many much need needs work works "
    "yes please thanks".split()
)
# A question word or form decides about the whole question, whatever names stand in it.
_DUTCH_QUESTION = frozenset(
    "wat wie waar waarom wanneer welk welke hoe hoeveel waarvoor waarmee waarin waaruit waarop waartoe wiens "
    "hoelang waarvan".split()
)
_ENGLISH_QUESTION = frozenset("what who where why when whose how which whom does did".split())
# Dutch surnames carry these in English sentences too.
_NAME_PARTICLES = frozenset("van de der den het ten ter te op aan".split())
# English terms that Dutch texts on the subject use as they are.
_SHARED_TERMS = re.compile(
    r"\b(?:learning communit(?:y|ies)|applied ai|human capital|lifelong learning|public private|"
    r"artificial intelligence|centres? of expertise|train the trainer)\b",
    re.IGNORECASE,
)
# Single words that are the same in both.
_SHARED_WORDS = frozenset(
    "budget budgets communities community contact deadline hub hubs in is kickstart of pilot pilots plan plans "
    "project start startup tool toolkit tools team website workshop workshops".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DUTCH_FORM = re.compile(
    r"(?:[aeiou]tie|ctie|ties|heid|heden|lijk|lijke|schap|schappen|teit|isch|ische|baar|bare|ijk|eert|eren|erend|"
    r"ingen|elijks|[^c]ie|ies|[iu]ering|isering)$|[aiou]['’]s$|ij|sch|aa|uu|oe[krtdnl]|eeu|ieuw|cht$"
)
_ENGLISH_FORM = re.compile(
    r"(?:ion|ions|ment|ments|ness|ship|ships|ity|ities|ous|ful|less|ally|able|ably|ould|ought|ight|"
    r"ize|ized|izes|(?<!er)ing|ly|ities|unding)$|^th|^wh|sh$|ough"
)
_NAME_WEIGHT = 0.3
_QUESTION_WEIGHT = 3.0
_FORM_WEIGHT = 0.6
_DECISIVE_SHARE = 0.3
_SURE = 0.77
_DOCUMENT_SAMPLE_CHARS = 6000
_LANGUAGES: dict[str, Language] = {"nl": "nl", "en": "en"}


def detect_language(text: str, default: Language = "nl") -> Language:
    """Tell whether a question is Dutch or English; `default` where nothing in it says so."""
    text = _SHARED_TERMS.sub(" ", text)
    dutch, english = _function_words(text)
    if dutch == english:
        dutch, english = _word_forms(text)
    if dutch != english:
        return "nl" if dutch > english else "en"
    return _by_letters(text) or default


def document_language(text: str) -> Language:
    """Tell the language of a document; "und" where it is neither Dutch nor English."""
    sample = text[:_DOCUMENT_SAMPLE_CHARS]
    words = len(_WORD.findall(sample))
    if not words:
        return "und"
    guess = _identifier(any_language=True).classify(sample)[0]
    if guess in _LANGUAGES:
        return _LANGUAGES[guess]
    # Short or name-rich Dutch is often taken for a neighbour; function words in number overrule that.
    dutch, english = _plain_function_words(sample)
    strong = max(dutch, english) >= _DECISIVE_SHARE * words and max(dutch, english) >= 3 * min(dutch, english)
    if not strong:
        return "und"
    return "nl" if dutch > english else "en"


def _function_words(text: str) -> tuple[float, float]:
    """Return the evidence for Dutch and for English in the function words of a question."""
    words = _WORD.findall(text)
    dutch = english = 0.0
    for position, written in enumerate(words):
        word = written.lower()
        if word in _DUTCH_QUESTION:
            dutch += _QUESTION_WEIGHT
        elif word in _DUTCH:
            dutch += _NAME_WEIGHT if _is_name_particle(words, position) else 1.0
        if word in _ENGLISH_QUESTION:
            english += _QUESTION_WEIGHT
        elif word in _ENGLISH and not (written.isupper() and len(written) > 1):
            english += 1.0
    return dutch, english


def _is_name_particle(words: list[str], position: int) -> bool:
    """Tell whether the word is the "van de" of a name: a capital follows, or another particle."""
    if words[position].lower() not in _NAME_PARTICLES:
        return False
    following = next((w for w in words[position + 1 :] if w.lower() not in _NAME_PARTICLES), "")
    return following[:1].isupper()


def _word_forms(text: str) -> tuple[float, float]:
    """Return the evidence in endings and letter groups of words that are not names."""
    words = [word for word in _WORD.findall(text) if word.islower() and len(word) > 3]
    words = [word for word in words if word not in _SHARED_WORDS]
    dutch = sum(_FORM_WEIGHT for word in words if _DUTCH_FORM.search(word))
    english = sum(_FORM_WEIGHT for word in words if _ENGLISH_FORM.search(word))
    return dutch, english


def _by_letters(text: str) -> Language | None:
    """Let the trained model choose between Dutch and English; None for names and abbreviations alone."""
    words = [word for word in _WORD.findall(text) if word.lower() not in _SHARED_WORDS]
    if not any(word.islower() for word in words):
        return None
    guess, probability = _identifier(any_language=False).classify(" ".join(words).lower())
    return _LANGUAGES[guess] if probability >= _SURE else None


def _plain_function_words(text: str) -> tuple[int, int]:
    """Count the words of a running text that only Dutch, and that only English, has."""
    words = [word.lower() for word in _WORD.findall(text)]
    dutch = sum(word in _DUTCH or word in _DUTCH_QUESTION for word in words)
    english = sum(word in _ENGLISH or word in _ENGLISH_QUESTION for word in words)
    return dutch, english


@lru_cache(maxsize=2)
def _identifier(any_language: bool) -> LanguageIdentifier:
    """Return the trained model, over all its languages or over Dutch and English only."""
    # Loading the model takes half a second, and most questions are decided without it.
    from py3langid import langid

    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    if not any_language:
        identifier.set_languages(list(_LANGUAGES))
    return identifier
