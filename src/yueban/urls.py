"""The addresses of the whole platform: the probes here, everything else in the channels."""

from django.urls import include, path

from yueban.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("api/v1/", include("yueban.channels.api.urls")),
    path("desk/", include("yueban.channels.desk.urls")),
    path("kiosk/", include("yueban.channels.kiosk.urls")),
    path("", include("yueban.channels.shared.urls")),
    path("", include("yueban.channels.portal.urls")),
]

handler400 = "yueban.channels.shared.errors.bad_request"
handler403 = "yueban.channels.shared.errors.forbidden"
handler404 = "yueban.channels.shared.errors.not_found"
handler500 = "yueban.channels.shared.errors.server_error"
