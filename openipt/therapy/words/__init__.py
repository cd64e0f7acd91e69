"""Words: what the mind says, as an id with values, and one catalogue a language that turns it into sentences."""

from openipt.therapy.words.catalogue import Catalogue, catalogue, render, render_all
from openipt.therapy.words.sentence import Sentence, from_plain, plain, say

__all__ = ["Catalogue", "Sentence", "catalogue", "from_plain", "plain", "render", "render_all", "say"]
