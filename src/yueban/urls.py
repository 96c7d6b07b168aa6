"""The addresses of the whole platform: the probes here, everything else in the channels."""

from django.urls import path

from yueban.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
