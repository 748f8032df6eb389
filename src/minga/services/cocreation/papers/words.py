"""How bodies, votes and sides are said, on paper and on pages."""

from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies.rules import Choice, Verdict
from minga.services.cocreation.rules.confirmation import Side

SECTORS = {
    "civil_society": _("Sociedad civil"),
    "academia": _("Academia"),
    "public": _("Sector público"),
    "private": _("Sector privado"),
    "international": _("Organismos internacionales"),
    "citizen": _("Ciudadanía"),
}
CHOICES = {
    Choice.FOR: _("A favor"),
    Choice.AGAINST: _("En contra"),
    Choice.ABSTAIN: _("Se abstiene"),
}
OUTCOMES = {Verdict.CARRIED: _("Se aprobó."), Verdict.REJECTED: _("No se aprobó.")}
SIDES = {Side.RESPONSIBLE: _("Institución responsable"), Side.COUNTERPART: _("Contraparte")}
