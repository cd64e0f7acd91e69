"""The first day of a service: set up by one command, backed up, its key changed; and what set-up asks and refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from cli.operating import run_one
from durability.fresh import in_fresh_python
from typer.testing import CliRunner

from openipt.cli import asking
from openipt.cli.asking import Asked, ask
from openipt.site.home import Home
from openipt.site.making import Wanted, strangers
from openipt.site.promising import office_hours, read_promise
from openipt.site.service_file import Mail, ServiceFile, read_service_file, service_settings, write_service_file
from openipt.therapy.shelf import Refused

PASSWORD = "seven quiet herons"  # noqa: S105
SETUP = ["setup", "--yes", "--name", "Hill Road", "--zone", "Europe/Lisbon", "--admin", "m.okoye"]
on_sqlite = pytest.mark.skipif("DATABASE_URL" in os.environ, reason="a service of its own, in files")


@pytest.fixture(autouse=True)
def _umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


# ---- the first day


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """The folder of a service, and what each command of its first day said."""
    folder = tmp_path_factory.mktemp("first-day")
    home, backups = folder / "home", folder / "backups"
    lines = {
        "setup": [*SETUP, "--email", "mira@clinic.example", "--address", "https://openipt.clinic.example/"],
        "setup again": SETUP,
        "verify": ["verify", "--json"],
        "tick": ["tick"],
        "anchor": ["anchor"],
        "backup": ["backup", str(backups), "--json"],
        "backup again": ["backup", str(backups), "--keep", "1", "--keep-keys", "1"],
        "backup inside": ["backup", str(home / "backups")],
        "sheet": ["recovery-sheet"],
        "rotate": ["rotate-key"],
        "rotate onto a file": ["rotate-key", "--sheet", str(home / "secret")],
        "upgrade": ["upgrade"],
        "verify later": ["verify"],
    }
    home.mkdir(mode=0o700)
    said = in_fresh_python(
        "cli.operating:run_all", home=home, settings="openipt.site.settings", seconds=120, lines=list(lines.values()),
        env={"OPENIPT_ADMIN_PASSWORD": PASSWORD},
    )  # fmt: skip
    return folder, dict(zip(lines, said, strict=True))


@on_sqlite
def test_one_command_makes_a_service_that_only_its_owner_can_look_into(day) -> None:
    folder, said = day
    assert said["setup"]["code"] == 0
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in (folder / "home").iterdir()}
    assert set(modes.values()) == {"0o600"}
    made = {"record.sqlite3", "keys.sqlite3", "openipt.key", "secret", "service.yaml", "crisis-numbers.yaml"}
    assert made <= modes.keys()


@on_sqlite
def test_it_says_that_the_recovery_sheet_must_be_printed_and_the_file_removed(day) -> None:
    folder, said = day
    sheet = folder / "home" / "recovery-sheet.txt"
    assert f"Print {sheet}" in said["setup"]["out"]
    assert "remove the file" in said["setup"]["out"]
    assert sheet.read_text() == said["sheet"]["out"][:-1]  # as `openipt recovery-sheet` prints it


@on_sqlite
def test_a_second_time_is_refused_and_names_what_is_there(day) -> None:
    _, said = day
    assert said["setup again"]["code"] == 1
    assert "the service Hill Road is set up there already" in said["setup again"]["err"]
    assert "openipt.key" in said["setup again"]["err"]


@on_sqlite
def test_a_new_service_is_whole(day) -> None:
    _, said = day
    told = json.loads(said["verify"]["out"])
    assert (said["verify"]["code"], told["whole"], told["faults"]) == (0, True, [])
    assert said["tick"] == {"code": 0, "out": "", "err": ""}, "a tick with nothing to do says nothing"


@on_sqlite
def test_a_backup_says_what_it_made_and_older_ones_go_where_that_was_asked_for(day) -> None:
    folder, said = day
    told = json.loads(said["backup"]["out"])
    assert set(told["files"]) == {"record", "keys"}
    assert "Older files that went: 3" in said["backup again"]["out"]
    assert len(list((folder / "backups").iterdir())) == 3
    assert said["backup inside"]["code"] == 1
    assert "would be lost with it" in said["backup inside"]["err"]


@on_sqlite
def test_after_a_change_of_key_there_is_a_new_sheet_and_the_old_one_stays_needed(day) -> None:
    folder, said = day
    assert said["rotate"]["code"] == 0
    assert "Keep the old sheet while backups made with key" in said["rotate"]["out"]
    assert len(list((folder / "home").glob("recovery-sheet*"))) == 2
    assert (said["rotate onto a file"]["code"], "nothing was changed" in said["rotate onto a file"]["err"]) == (1, True)
    assert said["verify later"]["code"] == 0


@on_sqlite
def test_tables_of_this_version_need_no_upgrade(day) -> None:
    assert "were those of this version already" in day[1]["upgrade"]["out"]


def openipt(*line: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "openipt.cli", *line]
    env = {"DJANGO_SETTINGS_MODULE": "openipt.site.settings", **env}
    return subprocess.run(command, env=os.environ | env, capture_output=True, text=True, timeout=60, check=False)


@on_sqlite
def test_from_a_backup_and_the_typed_sheet_a_whole_service_comes_back(day, tmp_path) -> None:
    folder, said = day
    [page] = (folder / "backups").glob("*.manifest.json")
    sheet = tmp_path / "typed"
    sheet.write_text(said["sheet"]["out"].lower())

    done = openipt("restore", str(page), "--into", str(tmp_path / "new"), "--sheet", str(sheet), "--json")

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["whole"], told["audit_compared_with_manifest"]) == (True, True)
    assert Home(tmp_path / "new").is_set_up


@on_sqlite
def test_a_restore_with_the_wrong_key_ends_with_the_names_of_both_and_leaves_nothing(day, tmp_path) -> None:
    folder, _ = day
    [page] = (folder / "backups").glob("*.manifest.json")  # made before the key was changed

    done = openipt(
        "restore", str(page), "--into", str(tmp_path / "new"), "--key-file", str(folder / "home/openipt.key")
    )

    assert done.returncode == 1
    assert "was made with key" in done.stderr
    assert not (tmp_path / "new").exists()


# ---- what is refused before anything is made


@on_sqlite
@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (["verify"], 1, "no service is set up in"),
        (["backup", "somewhere"], 1, "a new one is made with openipt setup"),
        (["restore", "x", "--into", "y"], 2, "--key-file"),
        (["tick", "--at", "noon"], 2, "no moment"),
        (["setup", "--yes"], 2, "--name"),
        ([*SETUP[:-1], "M Ökoye"], 1, "plain letters"),
        ([*SETUP, "--zone", "Mars/Olympus"], 1, "there is no zone 'Mars/Olympus'"),
        ([*SETUP, "--address", "clinic"], 1, "'clinic' is no address"),
        ([*SETUP, "--mail-host", "mail.example"], 2, "--mail-from"),
        (SETUP, 1, "too short"),
    ],
)
def test_what_is_missing_or_wrong_is_named(line, code, words, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("OPENIPT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENIPT_ADMIN_PASSWORD", "short")
    monkeypatch.chdir(tmp_path)

    said = run_one(line)

    assert said["code"] == code
    assert words in said["err"]
    assert not (tmp_path / "home").exists(), "nothing was made"


@on_sqlite
@pytest.mark.django_db(databases=["default", "keys"])
def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path, monkeypatch) -> None:
    (tmp_path / "holiday.jpg").touch()
    monkeypatch.setenv("OPENIPT_HOME", str(tmp_path))
    assert strangers(Home(tmp_path)) == ["holiday.jpg"]
    said = run_one(SETUP)
    assert said["code"] == 1
    assert "other things lie there: holiday.jpg" in said["err"]
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


# ---- what is asked


def asked(given: dict[str, object], typed: str) -> tuple[Wanted, str]:
    """What set-up wants to know, when these options were given and this was typed."""
    found: list[Wanted] = []
    one = typer.Typer()
    options = {"mail_port": 587, "mail_security": "starttls", **given}
    one.command()(lambda: found.append(ask(Asked(options, quiet=False))))
    done = CliRunner().invoke(one, [], input=typed)
    assert done.exception is None, done.output
    return found[0], done.output


TYPED = """Hill Road
Europe/Lisbon
n
08:30-18:00
y
m.okoye
Dr Mira Okoye
mira@clinic.example
https://openipt.clinic.example/
mail.clinic.example
openipt@clinic.example
openipt
the mail password
seven quiet herons
seven quiet herons
"""


def test_somebody_who_types_is_asked_for_all_of_it_and_passwords_are_not_shown() -> None:
    wanted, shown = asked({}, TYPED)

    assert (wanted.name, wanted.zone, wanted.solo) == ("Hill Road", "Europe/Lisbon", False)
    assert wanted.promise["hours"]["monday"] == ["08:30", "18:00"]
    assert wanted.promise["duty"] is True
    assert (wanted.admin, wanted.admin_name, wanted.email) == ("m.okoye", "Dr Mira Okoye", "mira@clinic.example")
    assert wanted.service_file == ServiceFile(
        "https://openipt.clinic.example",
        Mail("mail.clinic.example", 587, "starttls", "openipt", "the mail password", "openipt@clinic.example"),
    )
    assert "herons" not in shown
    assert "mail password" not in shown.replace("Password at the mail server", "")
    assert "herons" not in repr(wanted)


def test_what_was_given_is_not_asked() -> None:
    options = {"name": "Hill Road", "zone": "UTC", "solo": True, "admin": "m.okoye", "mail_host": "", "address": ""}
    wanted, shown = asked(options, "\n\n\n\nseven quiet herons\nseven quiet herons\n")
    assert (wanted.solo, wanted.admin_name, wanted.email) == (True, "m.okoye", "")
    assert "Name of the service" not in shown


def test_a_wrong_answer_is_named_and_asked_again() -> None:
    typed = TYPED.replace("Europe/Lisbon\n", "Lisbon town\nEurope/Lisbon\n").replace("08:30-", "late\n08:30-")
    typed = typed.replace("seven quiet herons\nseven", "short\nshort\nseven quiet herons\nseven")

    wanted, shown = asked({}, typed)

    assert wanted.zone == "Europe/Lisbon"
    for words in ("there is no zone 'Lisbon town'", "'late' are no hours", "too short"):
        assert words in shown


# ---- what a service can promise, and its file


def page(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "page.yaml"
    path.write_text(text)
    return path


def test_what_a_service_can_promise_comes_from_a_page(tmp_path) -> None:
    text = 'hours:\n  monday: ["09:00", "17:00"]\n  friday: ["09:00", "13:00"]\n  sunday:\nduty: true\n'
    assert read_promise(page(tmp_path, text)) == {
        "hours": {"monday": ["09:00", "17:00"], "friday": ["09:00", "13:00"]},
        "duty": True,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("duty: true", "no hours"),
        ('hours:\n  moonday: ["09:00", "17:00"]', "2: hours.moonday: 'moonday' is no day"),
        ('hours:\n  monday: ["17:00", "09:00"]', "a later closing time"),
        ('hours:\n  monday: ["9", "17"]', "2: hours.monday"),
        ("hours:\n  monday:", "every day is closed"),
        ('hours:\n  monday: ["09:00", "17:00"]\nduty: "no"', "true or false"),
        ('hours:\n  monday: ["09:00", "17:00"]\npets: no', "'pets' is not known"),
        ('hours:\n  monday: ["09:00", "17:00"]\n  monday: ["10:00", "11:00"]', "monday"),
    ],
)
def test_a_page_of_promises_that_cannot_be_kept_to_is_refused_with_its_line(tmp_path, text, words) -> None:
    with pytest.raises(Refused) as refused:
        read_promise(page(tmp_path, text))
    assert words in str(refused.value)


@pytest.mark.parametrize("text", ["late", "17:00-09:00", "9-5", "09:00-24:00", ""])
def test_hours_that_are_none_are_named(text) -> None:
    with pytest.raises(ValueError, match="are no hours; expected"):
        office_hours(text)


def test_the_service_file_comes_back_as_it_was_written_and_is_its_owners_alone(tmp_path) -> None:
    said = ServiceFile("https://a.example", Mail("m.example", 465, "tls", "u", 'p: "# ü', "o@a.example"))
    write_service_file(tmp_path / "service.yaml", said)

    assert read_service_file(Home(tmp_path)) == said
    assert (tmp_path / "service.yaml").stat().st_mode & 0o777 == 0o600
    assert service_settings(Home(tmp_path)) == {
        "SERVICE_ADDRESS": "https://a.example", "EMAIL_HOST": "m.example", "EMAIL_PORT": 465, "EMAIL_HOST_USER": "u",
        "EMAIL_HOST_PASSWORD": 'p: "# ü', "EMAIL_USE_TLS": False, "EMAIL_USE_SSL": True, "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": "o@a.example", "SERVER_EMAIL": "o@a.example",
    }  # fmt: skip
    assert "p:" not in repr(said)


def test_without_a_service_file_there_is_no_mail_server(tmp_path) -> None:
    assert service_settings(Home(tmp_path)) == {"SERVICE_ADDRESS": "", "EMAIL_HOST": ""}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("adress: x", "'adress' is not known"),
        ("address: ftp://x", "is no address"),
        ("mail: yes please", "no names and values"),
        ("mail:\n  host: m\n  from: f\n  port: 0", "4: mail.port: 0 is no port"),
        ("mail:\n  host: m\n  from: f\n  security: ssl", "starttls, tls, none"),
        ("mail:\n  host: m", "the from of the mail server"),
        ("- a", "no names and values"),
    ],
)
def test_a_service_file_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, words) -> None:
    (tmp_path / "service.yaml").write_text(text)
    with pytest.raises(Refused) as refused:
        service_settings(Home(tmp_path))
    assert words in str(refused.value)


def test_the_zone_of_this_machine_is_offered(monkeypatch) -> None:
    monkeypatch.setenv("TZ", "Africa/Kampala")
    assert asking._zone_here() == "Africa/Kampala"
