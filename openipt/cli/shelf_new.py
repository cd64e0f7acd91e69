"""A new folder for the shelf: small, valid, and with comments that say what to write where."""

from __future__ import annotations

import os
import re
from pathlib import Path

from openipt.therapy import shelf
from openipt.therapy.shelf import Problem, Refused

KINDS = ("questionnaire", "worksheet", "manual")
_ID = re.compile(r"[a-z][a-z0-9-]{1,59}\Z")

_FORM = """\
# Every key is described in docs/reference/forms.md. Check this page with: openipt library check DIR
grammar: openipt-form/1
id: {id}                       # the name of the folder
version: 1.0.0                 # a change later is a new version
kind: questionnaire
title: {title}
purpose: Says in one sentence what it is for.
filled_by: [client]            # client, therapist, interviewer
recall: P1W                    # the time asked about: one week
minutes: 2
validated: false               # true only with a published study of this very form, under citations
rights:
  text_status: ship            # ship, ship-verbatim, ship-noncommercial, structure-only: see RIGHTS.md
  name: The terms of the words
  holder: Who owns the words
  attribution: The line that is shown with the form
  evidence: [Where you read the terms]
  confidence: low              # high once you have seen the terms yourself
instructions: Think of the last week.
answers:
  often:                       # one set of answers that items share; value is what is stored and added
    - {{value: 0, label: Not at all}}
    - {{value: 1, label: On some days}}
    - {{value: 2, label: On most days}}
items:                         # label: the words; with structure-only write topic: instead
  - {{id: q1, kind: choice, choices: often, label: "The first question."}}
  - {{id: q2, kind: choice, choices: often, label: "The second question.", reverse: true}}   # points turned round
scores:
  - {{id: total, label: Total, method: sum, items: [q1, q2], range: [0, 4], higher_is: worse}}
primary: total
missing: {{policy: complete_only}}   # use the published rule and name its source; blank is never zero
bands:                         # leave them out where nobody has published any
  scale: total
  set:
    - {{id: few, label: Few, min: 0, max: 2}}
    - {{id: many, label: Many, min: 3, max: 4}}
findings: []                   # what a person must see: - {{id: ..., level: review, when: q1 >= 2, action: ...}}
change: {{note: No numbers for change are known.}}
citations: []
"""

_RIGHTS = """\
# Rights: {title}

- Text status: `ship`
- Terms: The terms of the words
- Holder: Who owns the words
- Shown wherever the form is shown: The line that is shown with the form
- Confidence: low

What the terms say, in your own words.

Evidence:
- Where you read the terms, and when
"""

_EXAMPLES = """\
# Sheets with the results they must get: lowest, highest, blanks, both sides of every band, an impossible answer.
- case: the lowest sheet
  answers: {q1: 0, q2: 2}
  expect: {valid: true, status: scored, scores: {total: 0}, band: few, missing: []}
- case: the highest sheet
  answers: {q1: 2, q2: 0}
  expect: {valid: true, status: scored, scores: {total: 4}, band: many}
- case: a blank means no score
  answers: {q1: 2}
  expect: {valid: true, status: unscored, scores: {total: null}, missing: [q2]}
- case: an answer that is not offered
  answers: {q1: 3, q2: 0}
  expect: {valid: false}
"""

_WORKSHEET = """\
# Every key is described in docs/reference/forms.md. Check this page with: openipt library check DIR
grammar: openipt-form/1
id: {id}                       # the name of the folder
version: 1.0.0
kind: worksheet
title: {title}
purpose: Says in one sentence what it helps with.
filled_by: [client, therapist]
rights: ours                   # words written by this project, CC BY 4.0; otherwise a mapping, as in a questionnaire
items:                         # nothing is required: a worksheet may stay half empty
  - {{id: what, kind: long_text, label: "What happened?", example: "My sister did not call."}}
  - {{id: mood, kind: scale, label: "How did you feel?", low: very low, high: very good}}
  - id: ideas
    kind: group                # rows; inside stand items like those above
    row: idea
    label: "What could you try?"
    repeat: {{most: 6}}
    items:
      - {{id: text, kind: text, label: "One idea"}}
facts:                         # shown as a mirror, never a judgement
  - {{id: n_ideas, label: Ideas, value: count(ideas)}}
"""

_SHEETS = """\
# Sheets and what must follow from them.
- case: an empty sheet is taken
  answers: {}
  expect: {valid: true}
- case: a number beyond the scale is not taken
  answers: {mood: 11}
  expect: {valid: false}
"""

_MANUAL = """\
# Every key is described in docs/how-to/add-a-manual.md. Check this page with: openipt library check DIR
grammar: openipt-manual/1
id: {id}                       # the name of the folder
version: 1.0.0                 # courses keep the version they began with: a change later is a new version
title: {title}
summary: "For whom it is and what it does, in one sentence."
purpose: treatment             # treatment, prevention, maintenance
format: individual             # individual, group, couple
provider: "Who may deliver it, and with what supervision"
dose: {{least: 8, usual: 12, most: 16, minutes: 50, cadence: weekly}}
baseline: session_1
outcome: [phq-9]               # what change is judged by, best first
phases:                        # the last phase ends at the usual number of sessions
  - {{id: initial, kind: initial, label: Beginning, sessions: [1, 3], goal: "Agree on a focus.", exit: [INI.09]}}
  - {{id: middle, kind: middle, label: Working, sessions: [4, 10], goal: "Work on the focus."}}
  - {{id: termination, kind: termination, label: Ending, sessions: [11, 12], goal: "Say goodbye.", exit: [END.09]}}
rescale: {{initial: 3, initial_least: 1, termination_share: 0.16, termination_least: 1}}
measures:
  - {{of: depression, first_of: [phq-9], every: 1}}   # the first whose words are on the shelf
gates: [consent, open_flag]    # by id from the vocabulary; hard gates hold tasks back
decision_points: []
forbid: []                     # tasks and sheets that this manual never offers
eligibility:
  include:
    - {{id: our_condition, when: "The condition it is for", then: "Offer it"}}
safety:
  - {{id: self_harm, when: "Thoughts of self-harm are named", then: "Stop the agenda and talk about safety today"}}
endings:
  - {{id: agreed, when: "The agreed sessions are held", then: "End as agreed, with a plan for the time after"}}
sources: ["The text that it follows"]
"""

_SOURCES = """\
# Sources: {title}

What each part rests on, in your own words: the text, the year, the pages, and how sure you are.
"""

_FILES = {
    "questionnaire": {"form.yaml": _FORM, "RIGHTS.md": _RIGHTS, "examples.yaml": _EXAMPLES},
    "worksheet": {"form.yaml": _WORKSHEET, "examples.yaml": _SHEETS},
    "manual": {"manual.yaml": _MANUAL, "SOURCES.md": _SOURCES},
}


def new_folder(kind: str, name: str, root: Path | None) -> Path:
    """Write the folder of a new definition and return it; raise Refused where something stands there already.

    Args:
        kind: One of KINDS.
        name: The id, which is also the name of the folder.
        root: The shelf to write to; without it the first of OPENIPT_LIBRARY, else the current folder.
    """
    if kind not in KINDS:
        raise _refusal(kind, "no kind that can be begun", "one of " + ", ".join(KINDS))
    if not _ID.match(name):
        raise _refusal(name, "no id", "2 to 60 small letters, digits and -, beginning with a letter")
    kinds = ("manuals",) if kind == "manual" else ("questionnaires", "worksheets")
    folder = (root or _first_shelf()) / f"{kind}s" / name
    if folder.exists():
        raise _refusal(str(folder), "stands there already, and nothing was written", "an id that is free")
    if shelf.stands(name, *kinds):
        raise _refusal(name, "stands on a shelf in use already", "an id that is free")
    try:
        folder.mkdir(parents=True)
        for page, text in _FILES[kind].items():
            title = name.replace("-", " ").capitalize()
            whole = text if page == "examples.yaml" else text.format(id=name, title=title)
            (folder / page).write_text(whole, encoding="utf-8")
    except OSError as error:
        raise _refusal(str(folder), f"cannot be written ({error.strerror})", "a folder you may write to") from error
    return folder


def _first_shelf() -> Path:
    added = [place for place in os.environ.get("OPENIPT_LIBRARY", "").split(os.pathsep) if place]
    return Path(added[0] if added else ".")


def _refusal(what: str, wrong: str, expected: str) -> Refused:
    return Refused(Problem(ascii(what)[1:-1], 0, "", wrong, expected))
