"""Addresses of the desk, all below /desk/."""

from django.urls import path

from yueban.channels.desk import (
    acts,
    cases,
    demo_clock,
    drafts,
    files,
    handed_in,
    inbox,
    intake,
    live,
    preview,
    shift,
    supervision,
    unmask,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("done/", inbox.done, name="done"),
    path("cases/", inbox.case_list, name="cases"),
    path("cases/export.xlsx", inbox.export_cases, name="export-cases"),
    path("cases/<str:number>/", cases.case_page, name="case"),
    path("cases/<str:number>/verify", supervision.verify_case, name="verify-case"),
    path("cases/<str:number>/preview", preview.preview_decision, name="preview"),
    path("cases/<str:number>/documents/<str:code>", files.document, name="document"),
    path("cases/<str:number>/unmask", unmask.unmask, name="unmask"),
    path("cases/<str:number>/<slug:act>", acts.act, name="act"),
    path("files/<str:number>/<str:file_number>", files.case_file, name="file"),
    path("audit/", supervision.audit, name="audit"),
    path("intake/", intake.intake, name="intake"),
    path("intake/register", intake.register, name="intake-register"),
    path("intake/people/<slug:number>/", intake.person, name="intake-person"),
    path("intake/people/<slug:number>/items/<slug:key>/", intake.item, name="intake-item"),
    path("intake/drafts/<str:number>/", drafts.draft, name="draft"),
    path("intake/drafts/<str:number>/autosave", drafts.autosave, name="draft-autosave"),
    path("intake/drafts/<str:number>/mandate.pdf", drafts.mandate_sheet, name="draft-mandate"),
    path("intake/drafts/<str:number>/files/<str:file_number>", drafts.draft_file, name="draft-file"),
    path("intake/cases/<str:number>/", handed_in.handed_in, name="handed-in"),
    path("intake/cases/<str:number>/supplement", handed_in.supplement, name="assist-supplement"),
    path("intake/cases/<str:number>/collect", handed_in.collect, name="assist-collect"),
    path("intake/cases/<str:number>/<slug:kind>.pdf", handed_in.slip, name="slip"),
    path("live/", live.live, name="live"),
    path("villagers/", shift.villagers, name="villagers"),
    path("shift/", shift.shift, name="shift"),
    path("shift/<str:number>/undo", shift.undo, name="shift-undo"),
    path("clock/advance", demo_clock.advance, name="advance-clock"),
]
