"""The WSGI application that granian serves."""

from django.core.wsgi import get_wsgi_application

from yueban.processes import die_with_parent, settle_memory

# A web server's master that was killed cannot stop its workers; they stop by themselves.
die_with_parent()
application = get_wsgi_application()
settle_memory()
