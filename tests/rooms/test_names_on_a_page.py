"""The short way to what a name on a page means: it finds what Django finds, or asks Django."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template, TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.base import Variable
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from openipt.rooms.ui.looking_up import QuickTemplate

OPTIONS = {"libraries": {}, "builtins": ["openipt.rooms.ui.templatetags.words"]}
DJANGOS = Engine(**OPTIONS)
OURS = Engine(**OPTIONS, loaders=[("openipt.rooms.ui.looking_up.Loader", [])])


@dataclass(frozen=True, slots=True)
class Person:
    name: object = "Rosa"
    other: object = None

    @property
    def broken(self):
        return {}["nothing"]

    @property
    def gone(self):
        raise ObjectDoesNotExist

    @property
    def garbled(self):
        return self.nothing_like_it

    def called(self):
        return "called"

    def asks(self, what):
        return what


class Deleting:
    alters_data = True

    def __call__(self):
        pytest.fail("a page must not delete")


class Kept:
    do_not_call_in_templates = True
    name = "kept"

    def __call__(self):
        pytest.fail("a page must not call it")


class Mine(dict):
    @property
    def name(self):
        return "of the kind"


class Sealed(Mapping):
    def __init__(self, table):
        self.table = table
        self.read = True

    def __getitem__(self, name):
        return self.table[name]

    def __iter__(self):
        return iter(self.table)

    def __len__(self):
        return len(self.table)


class Growing(Sealed):
    """Says that something is not in it, and gives it all the same."""

    def __getitem__(self, name):
        return self.table.get(name, "grown")

    def __contains__(self, name):
        return name in self.table


THINGS = (
    None,
    True,
    0,
    7,
    2.5,
    "",
    "plain",
    "<b> & 'q' \"",
    mark_safe("<i>"),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    Person.called,
    Deleting(),
    Kept(),
    Person,
    lambda: "made",
    lambda: None,
    SimpleLazyObject(lambda: "later"),
    SimpleLazyObject(lambda: Person("later")),
)
LEAVES = st.sampled_from(THINGS)
NAMES = st.sampled_from(
    ["name", "other", "items", "0", "1", "broken", "gone", "garbled", "called", "keys", "x", "read"]
)
VALUES = st.recursive(
    LEAVES,
    lambda inside: (
        st.builds(Person, inside, inside)
        | st.dictionaries(NAMES, inside, max_size=3)
        | st.dictionaries(NAMES, inside, max_size=3).map(Mine)
        | st.dictionaries(NAMES, inside, max_size=3).map(OrderedDict)
        | st.dictionaries(NAMES, inside, max_size=3).map(Sealed)
        | st.dictionaries(NAMES, inside, max_size=3).map(Growing)
        | st.lists(inside, max_size=2)
        | st.lists(inside, max_size=2).map(tuple)
        | st.builds(SimpleNamespace, name=inside, called=inside)
    ),
    max_leaves=6,
)
FIRST = st.sampled_from(["name", "other", "items", "x", "use_tz", "template", "push", "request", "autoescape"])
WAYS = st.builds(lambda first, rest: ".".join([first, *rest]), FIRST, st.lists(NAMES, max_size=3))
TEXTS = (
    "{{ WAY }}",
    "{{ WAY|default:'none' }}",
    "{{ name|default:WAY }}",
    "{{ WAY|slice:':2' }}{{ WAY|default:'<&>' }}",
    "{{ WAY|lower|default_if_none:other|capfirst }}",
    "{{ WAY|date:'j F Y H:i e' }}",
    "{{ WAY|join:other }} {{ other|add:WAY }}",
    "{% autoescape off %}{{ WAY|linebreaks }}{% endautoescape %}{{ WAY|linebreaks }}",
    "{{ 'a & b'|add:WAY }} {{ WAY|add:'<&>' }} {{ WAY|safe|cut:'a' }}",
    "{% if WAY %}yes{% else %}no{% endif %}",
    "{% if WAY == 7 or not WAY.name %}yes{% endif %}",
    "{% for one in WAY %}[{{ one }}{{ one.name }}{{ forloop.counter }}]{% endfor %}",
    "{% with name=WAY %}{{ name }}|{{ name.other }}{% endwith %}",
    "{% autoescape off %}{{ WAY }}{% endautoescape %}",
    "{% firstof x WAY 'none' %}",
)
PAGES = st.sampled_from(TEXTS)


def said(made, context):
    try:
        with timezone.override("Europe/Warsaw"):
            return made.render(Context(dict(context)))
    except Exception as error:
        return type(error), str(error)


@given(PAGES, WAYS, st.dictionaries(st.sampled_from(["name", "other", "items"]), VALUES, max_size=3))
def test_a_page_says_what_django_would_say(page, way, context):
    text = page.replace("WAY", way)
    by_django, ours = Template(text, engine=DJANGOS), QuickTemplate(text, engine=OURS)

    assert said(ours, context) == said(by_django, context)


HOLDING = (
    ["a", "<b>"],
    {0: "of a number"},
    ("a",),
    {"name": "x"},
    Sealed({"name": "x"}),
    Sealed({}),
    Growing({}),
    Mine(name="x"),
)


@pytest.mark.parametrize("thing", [*THINGS, *HOLDING], ids=lambda thing: type(thing).__name__)
def test_whatever_a_name_means_it_is_said_as_django_says_it(thing):
    for text in TEXTS:
        for way in (
            "name",
            "other.name",
            "items.name",
            "items.name.name",
            "x.name",
            "name.0",
            "name.1",
            "name.read",
            "name.x.x",
        ):
            page = text.replace("WAY", way)
            context = {"name": thing, "other": {"name": thing}, "items": Person(thing), "x": [thing]}
            by_django, ours = Template(page, engine=DJANGOS), QuickTemplate(page, engine=OURS)

            assert said(ours, context) == said(by_django, context), page


@pytest.mark.parametrize("way", ["person.name", "sheet.name", "people.name.name", "missing", "nobody.name", "sheet.x"])
def test_the_usual_ways_are_short(way, monkeypatch):
    monkeypatch.setattr(Variable, "_resolve_lookup", lambda *_: pytest.fail("Django was asked"))
    people = {"person": Person(), "sheet": {"name": "Diary"}, "people": {"name": Person()}, "nobody": None}
    page = "{% if WAY %}{% with one=WAY %}{{ one }}{% endwith %}{% endif %}".replace("WAY", way)

    assert QuickTemplate(page, engine=OURS).render(Context(people)) in {"Rosa", "Diary", ""}


def test_every_template_of_the_pages_is_read_so():
    found = engines.all()[0].get_template("workspace/session.html").template

    assert type(found) is QuickTemplate
    assert engines.all()[0].get_template("workspace/session.html").template is found, "it is read anew each time"


def test_a_template_that_is_not_there_names_where_it_was_looked_for():
    with pytest.raises(TemplateDoesNotExist) as refused:
        engines.all()[0].get_template("workspace/nowhere.html")

    assert refused.value.tried


def test_a_fault_in_a_template_is_told_with_its_line():
    engine = Engine(debug=True, loaders=[("openipt.rooms.ui.looking_up.Loader", [])])
    with pytest.raises(TemplateSyntaxError) as refused:
        QuickTemplate("one\n{% if %}", engine=engine)

    assert refused.value.template_debug["line"] == 2
