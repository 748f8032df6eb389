"""How bodies, votes and sides are said, on paper and on pages."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies.rules import Choice, Verdict
from minga.kernel.base.text import Text
from minga.services.cocreation.rules.confirmation import Side

SECTORS: Mapping[str, Text] = {
    "civil_society": _("Sociedad civil"),
    "academia": _("Academia"),
    "public": _("Sector público"),
    "private": _("Sector privado"),
    "international": _("Organismos internacionales"),
    "citizen": _("Ciudadanía"),
}
CHOICES: Mapping[str, Text] = {
    Choice.FOR: _("A favor"),
    Choice.AGAINST: _("En contra"),
    Choice.ABSTAIN: _("Se abstiene"),
}
OUTCOMES: Mapping[str, Text] = {
    Verdict.CARRIED: _("Se aprobó."),
    Verdict.REJECTED: _("No se aprobó."),
}
SIDES: Mapping[str, Text] = {
    Side.RESPONSIBLE: _("Institución responsable"),
    Side.COUNTERPART: _("Contraparte"),
}
