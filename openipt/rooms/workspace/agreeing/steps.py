"""The steps of the first phase: each a short page over a form of the shelf, with what is asked at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One page: over which form, what it is called, what it asks at once. The rest of the form is folded, or carried.

    `kept`: items of the form that stand on another page; here they go along unseen, as they were.
    `waits_for`: what a gate still waits for where it is left empty; the page can be saved without it.
    `then`: several events are put on the timeline one after the other; all else leads back to what is agreed.
    `renews`: a newer version takes the place of the sheet that stands; else each time is a sheet of its own.
    """

    id: str
    form: str
    title: str
    lead: str
    button: str
    first: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    renews: bool = False
    then: str = "agreed"  # the page that saving leads to
    template: str = "workspace/agreeing/sheet.html"
    waits_for: tuple[str, ...] = ()
    kind: str = "session_records"  # of record: what the door says


FOCUS = (
    "focus_agreed_on",
    "area_primary",
    "area_secondary",
    "focus_because",
    "runner_up",
    "runner_up_why",
    "focus_changed_because",
)
SAID = ("condition_label", "plain_name", "onset_date", "link_statement", "client_fit", "client_words", "disagrees")
REST = ("why_now", "precipitants", "vulnerability", "strengths", "supports", "plan_sentence", "shared_copy")

STEPS = {
    step.id: step
    for step in (
        Step(
            "consent",
            "consent",
            "Consent",
            "What was agreed to, by whom, when. Treatment first; the rest when it comes up.",
            "Save the consent",
            first=("treatment", "recording", "research"),
            renews=True,
            kind="consent",
        ),
        Step(
            "young",
            "consent",
            "Consent of a young person",
            "Whose consent it is, who agreed when, and what caregivers are told.",
            "Save the consent",
            first=(
                "way",
                "law",
                "found_able",
                "caregivers",
                "fewer_because",
                "parent_not_safe",
                "decided_with",
                "caregivers_see",
                "assent_on",
                "assent_words",
                "look_again_on",
            ),
            renews=True,
            then="young",
            kind="consent",
        ),
        Step(
            "intake",
            "intake",
            "Intake",
            "Who comes, with what, and who found the diagnosis. Everything else can wait.",
            "Save the intake",
            first=("alias", "diagnosis", "assessed_by", "onset_approx", "emergency_contact"),
            waits_for=("diagnosis",),
            renews=True,
        ),
        Step(
            "safety",
            "safety-conversation",
            "Thoughts of dying, asked aloud",
            "Asked in your own words, when the client is alone with you. It predicts nothing.",
            "Save what was said",
            first=(
                "date",
                "asked_alone",
                "thoughts",
                "intent",
                "plan",
                "recent_self_harm",
                "what_happened",
                "protective",
                "agreed",
                "by",
            ),
            template="workspace/agreeing/alone.html",
            kind="safety_conversation",
        ),
        Step(
            "medical",
            "medical-review",
            "Body, mania, psychosis, substances",
            "What else could be going on, and who should look at it.",
            "Save the review",
            first=(
                "date",
                "conditions",
                "medication",
                "less_sleep_more_energy",
                "elated_or_reckless",
                "voices_or_visions",
                "beliefs_not_shared",
                "fainting",
                "intoxicated_now",
                "withdrawal_signs",
                "withdrawal_likely",
                "referred_to",
                "by",
            ),
        ),
        Step(
            "alone",
            "violence-check",
            "Violence and coercion, asked alone",
            "Whether it is safe to work on conflict with the people it is about.",
            "Save what was said",
            first=("asked_alone", "about", "result", "safe_to_raise", "child_or_adult_at_risk", "date", "source", "by"),
            template="workspace/agreeing/alone.html",
            kind="violence_check",
        ),
        Step(
            "recover",
            "time-to-recover",
            "Time to recover",
            "What is put down for a while, until when, and who knows. Where nothing can be put down, who can share it.",
            "Save the time to recover",
            first=("can_reduce", "duties_reduced", "until", "told", "review_session"),
            kind="goals_homework",
        ),
        Step(
            "timeline",
            "timeline",
            "Timeline",
            "What happened in this life, beside how it felt. A year is enough.",
            "Put it on the timeline",
            first=("mark", "text", "date", "type", "valence", "people", "severity"),
            then="agreed-timeline",
            template="workspace/agreeing/timeline.html",
            kind="goals_homework",
        ),
        Step(
            "medication",
            "medication",
            "Medication on the timeline",
            "One change: what, how much, since when. It stands as a flag under the timeline.",
            "Put it on the timeline",
            first=("drug", "action", "date", "dose_mg", "prescriber"),
            then="agreed-timeline",
            template="workspace/agreeing/timeline.html",
            kind="medication",
        ),
        Step(
            "focus",
            "formulation",
            "Choosing the focus",
            "What speaks for each area stands beside it. Nothing is chosen beforehand; it is chosen together.",
            "Save the focus",
            first=FOCUS,
            kept=(*SAID, *REST),
            renews=True,
            template="workspace/agreeing/focus.html",
        ),
        Step(
            "formulation",
            "formulation",
            "Formulation",
            "Say it, ask how well it fits, change it until it does. The client can disagree, and that stands too.",
            "Save the formulation",
            first=SAID,
            kept=FOCUS,
            renews=True,
            template="workspace/agreeing/formulation.html",
        ),
        Step(
            "contract",
            "contract",
            "Agreement on one card",
            "What the manual usually agrees is filled in. A spoken agreement and its date are enough.",
            "Save the agreement",
            first=(
                "agreed_how",
                "agreed_on",
                "sessions_n",
                "minutes",
                "cadence",
                "start",
                "planned_end",
                "modality",
                "missed_session_rule",
                "confidentiality_limits_ack",
                "crisis_plan_ack",
            ),
            renews=True,
            template="workspace/agreeing/contract.html",
        ),
        Step(
            "goal",
            "goals-and-boundaries",
            "A goal",
            "Something one would see the client do: for themself, or with one person.",
            "Save the goal",
            first=("scope", "statement", "baseline", "target", "in_my_hands", "size", "changes", "ratings"),
            template="workspace/agreeing/goal.html",
            kind="goals_homework",
        ),
    )
}
