"""Addresses of the portal."""

from django.urls import path

from yueban.channels.portal import (
    about,
    applications,
    documents,
    guides,
    home,
    informing,
    matters,
    notices,
    session,
    supplements,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("search", home.search, name="search"),
    path("search/suggest", home.suggest, name="suggest"),
    path("items/", home.search, name="items"),
    path("items/<slug:key>/", guides.guide, name="guide"),
    path("items/<slug:key>/situation", guides.situation, name="situation"),
    path("items/<slug:key>/start", applications.start, name="start"),
    path("apply/<str:number>/", applications.form, name="form"),
    path("apply/<str:number>/autosave", applications.autosave, name="autosave"),
    path("apply/<str:number>/materials", applications.materials, name="materials"),
    path("apply/<str:number>/materials/<slug:key>", applications.upload, name="upload"),
    path("apply/<str:number>/files/<str:file_number>/remove", applications.remove_file, name="remove-file"),
    path("apply/<str:number>/preview", applications.preview, name="preview"),
    path("apply/<str:number>/discard", applications.discard, name="discard"),
    path("my/", matters.my, name="my"),
    path("my/messages", informing.messages, name="messages"),
    path("my/cases/<str:number>/", matters.case, name="case"),
    path("my/cases/<str:number>/supplement", supplements.supplement, name="supplement"),
    path("my/cases/<str:number>/supplement/<slug:key>", supplements.supplement_file, name="supplement-file"),
    path("my/cases/<str:number>/withdraw", matters.withdraw, name="withdraw"),
    path("my/cases/<str:number>/documents/<str:code>", documents.document, name="document"),
    path("files/<str:number>", documents.file, name="file"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<str:number>/", notices.notice, name="notice"),
    path("progress", informing.progress, name="progress"),
    path("sign-in", session.sign_in, name="sign-in"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("verify", documents.verify_form, name="verify-form"),
    path("v/<str:code>", documents.verify, name="verify"),
    path("r/<str:kind>/<str:number>", documents.reference, name="redirect"),
    path("about/demo", about.about_demo, name="about-demo"),
    path("about/privacy", about.privacy, name="privacy"),
    path("about/sitemap", about.sitemap, name="sitemap"),
    path("about/report-error", about.report_error, name="report-error"),
]
