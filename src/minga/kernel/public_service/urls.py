from django.urls import path

from .views import desk, home

app_name = "public_service"
urlpatterns = [
    path("", home.home, name="home"),
    path("acerca/", home.about, name="about"),
    path("mesa/", desk.desk, name="desk"),
]
