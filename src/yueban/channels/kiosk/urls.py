"""Addresses of the kiosk."""

from django.urls import path

from yueban.channels.kiosk import bundles, card, consult, filling, first, items, matters, visits

app_name = "kiosk"
urlpatterns = [
    path("", first.home, name="home"),
    path("register", visits.register, name="register"),
    path("wipe", visits.wipe, name="wipe"),
    path("alive", visits.alive, name="alive"),
    path("devices", visits.devices, name="devices"),
    path("card", card.sign_in, name="sign-in"),
    path("card/confirm", card.confirm, name="confirm"),
    path("do/", first.do, name="do"),
    path("find", first.find, name="find"),
    path("services", first.services, name="services"),
    path("ask", consult.conversation, name="ask"),
    path("ask/person", consult.to_person, name="ask-person"),
    path("ask/slip", consult.slip, name="ask-slip"),
    path("track", first.track, name="track"),
    path("windows", first.windows, name="windows"),
    path("items/<slug:key>/", items.guide, name="guide"),
    path("items/<slug:key>/details", items.details, name="details"),
    path("items/<slug:key>/situation", items.situation, name="situation"),
    path("items/<slug:key>/start", items.start, name="start"),
    path("bundles/", bundles.offered, name="bundles"),
    path("bundles/<slug:key>/", bundles.guide, name="bundle"),
    path("bundles/<slug:key>/questions", bundles.questions, name="bundle-questions"),
    path("bundles/<slug:key>/start", bundles.start, name="bundle-start"),
    path("apply/<str:number>/", filling.form, name="form"),
    path("apply/<str:number>/materials", filling.materials, name="materials"),
    path("apply/<str:number>/materials/<slug:key>/scan", filling.scan, name="scan"),
    path("apply/<str:number>/materials/<slug:key>/promise", filling.promise, name="promise"),
    path("apply/<str:number>/materials/<slug:key>/again", filling.use_again, name="use-again"),
    path("apply/<str:number>/files/<str:file_number>/remove", filling.remove_file, name="remove-file"),
    path("apply/<str:number>/review", filling.review, name="review"),
    path("my/", matters.my, name="my"),
    path("my/<str:number>/", matters.case, name="case"),
    path("my/<str:number>/slip", matters.slip, name="slip"),
    path("my/bundles/<str:number>/", bundles.case, name="bundle-case"),
    path("my/bundles/<str:number>/slip", bundles.slip, name="bundle-slip"),
    path("papers/", matters.papers, name="papers"),
    path("papers/<slug:kind>/<str:number>/print", matters.print_paper, name="print"),
    path("progress", matters.progress, name="progress"),
    path("verify", matters.verify, name="verify"),
]
