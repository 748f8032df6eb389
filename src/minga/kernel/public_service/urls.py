from django.urls import path

from . import views

app_name = "public_service"
urlpatterns = [
    path("", views.home, name="home"),
    path("acerca/", views.about, name="about"),
    path("mesa/", views.desk, name="desk"),
]
