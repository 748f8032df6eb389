from django.urls import path

from . import views

app_name = "trust"
urlpatterns = [
    path("", views.register, name="register"),
    path("comprobante.json", views.receipt, name="receipt"),
    path("punto.txt", views.checkpoint, name="checkpoint"),
    path("puntos.json", views.checkpoints, name="checkpoints"),
    path("hojas.json", views.leaves, name="leaves"),
    path("prueba.json", views.inclusion, name="inclusion"),
    path("consistencia.json", views.consistency, name="consistency"),
]
