"""A page of YAML is parsed once in a process, however many tests read it: parsing was most of what tests waited for.

Only what the parser made of a whole text is kept, a tree of nodes that nobody changes. All that is ours, what is
refused and what is built from the tree, happens anew each time; what the parser itself refuses is not kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

WORTH_IT = 400  # characters: what is shorter is parsed quickly, and made up by the thousand


class ParsedOnce(YAML):
    def compose(self, stream: str) -> Any:
        return _parsed(stream, self.typ[0], self.pure) if len(stream) >= WORTH_IT else super().compose(stream)


@lru_cache(maxsize=1024)
def _parsed(text: str, typ: str, pure: bool) -> Any:
    yaml = YAML(typ=typ, pure=pure)
    yaml.composer.warn_double_anchors = False  # as where pages are read
    return yaml.compose(text)
