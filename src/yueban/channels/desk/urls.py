"""Addresses of the desk, all below /desk/."""

from django.urls import path

from yueban.channels.desk import acts, cases, demo_clock, files, inbox, preview, supervision, unmask

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("done/", inbox.done, name="done"),
    path("cases/", inbox.case_list, name="cases"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/verify", supervision.verify_case, name="verify-case"),
    path("cases/<str:number>/preview", preview.preview_decision, name="preview"),
    path("cases/<str:number>/documents/<str:code>", files.document, name="document"),
    path("cases/<str:number>/unmask", unmask.unmask, name="unmask"),
    path("cases/<str:number>/<slug:act>", acts.act, name="act"),
    path("files/<str:number>/<str:file_number>", files.case_file, name="file"),
    path("audit/", supervision.audit, name="audit"),
    path("clock/advance", demo_clock.advance, name="advance-clock"),
]
