"""The settings of the service, in a home of its own that is gone with the run. A cheap hash: tests sign in often."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_home = Path(tempfile.mkdtemp(prefix="openipt-tests-"))
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["OPENIPT_HOME"] = str(_home)
os.environ["OPENIPT_LOOPBACK"] = "1"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser of the journeys leaves a loop running in its process

from openipt.casebook.sealing.key_file import make_key_file  # noqa: E402

make_key_file(_home / "openipt.key")
(_home / "secret").write_text("only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)

from openipt.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
for _store in DATABASES.values():
    if _store["ENGINE"] == "openipt.site.sqlite":
        _store["TEST"] = {"NAME": ":memory:"}  # said outright: several workers each have their own
