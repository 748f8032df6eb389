"""The door for a server: granian, or any other that speaks WSGI."""

import os

import icalendar  # noqa: F401  # else the first who asks for dates waits until it is read
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.project.settings")
application = get_wsgi_application()
