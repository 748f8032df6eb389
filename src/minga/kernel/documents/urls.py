from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("archivo/", views.verify_file, name="verify_file"),
    path("<str:code>.json", views.verified_json, name="verified_json"),
    path("<str:code>/", views.verified, name="verified"),
    path("<str:code>/documento.pdf", views.file, name="file"),
]
