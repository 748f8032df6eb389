"""The door for a server: granian, or any other that speaks WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.project.settings")
application = get_wsgi_application()
