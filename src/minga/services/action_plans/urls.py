from django.urls import path

from . import api, feeds, views

app_name = "action_plans"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("<slug:plan>/", views.plan, name="plan"),
    path("<slug:plan>/compromisos.csv", api.commitments_csv, name="commitments_csv"),
    path("<slug:plan>/hitos.csv", api.milestones_csv, name="milestones_csv"),
    path("<slug:plan>/hitos.ics", feeds.milestones_ics, name="milestones_ics"),
    path("<slug:plan>/metas.csv", api.goals_csv, name="goals_csv"),
    path("<slug:plan>/plan.json", api.plan_json, name="plan_json"),
    path("<slug:plan>/<slug:code>/hoja/", views.sheet, name="sheet"),
    path("<slug:plan>/<slug:code>/", views.node, name="node"),
]
