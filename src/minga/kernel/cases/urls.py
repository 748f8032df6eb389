from django.urls import path, re_path

from . import views

app_name = "cases"
urlpatterns = [
    path("<slug:place>/", views.attachment, name="attachment"),
    path("mios/<slug:place>/", views.attachment_of_mine, name="attachment_of_mine"),
    path("caso/<str:code>/<slug:place>/", views.attachment_of_code, name="attachment_of_code"),
    re_path(r"^adjuntar/(?P<case>[0-9]{1,9})/$", views.attach, name="attach"),
]
