"""The door for the web server."""

import os

from django.core.wsgi import get_wsgi_application

from openipt.site.known_pages import know_pages

know_pages()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openipt.site.settings")
application = get_wsgi_application()
