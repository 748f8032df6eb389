"""What became of a proposal, in words, and how a list says it."""

from django.utils.translation import gettext_lazy as _

from minga.services.cocreation.rules.following import Outcome

OUTCOMES = {
    Outcome.IN_REVIEW: _("En revisión"),
    Outcome.SET_ASIDE: _("No aceptada"),
    Outcome.ACCEPTED: _("Aceptada"),
    Outcome.NOT_RELATED: _("No sigue en el proceso"),
    Outcome.RELATED: _("Sigue en el proceso"),
    Outcome.INTEGRATED: _("Integrada con otras"),
    Outcome.SCORED: _("Evaluada"),
    Outcome.LATER: _("Para el próximo plan"),
    Outcome.OUTSIDE: _("Se impulsa por fuera del plan"),
    Outcome.POSSIBLE: _("Podría incluirse en el plan"),
    Outcome.INCLUDED: _("Elegida para el plan"),
    Outcome.COMMITMENT: _("Es un compromiso del plan"),
}
TONES = {
    Outcome.IN_REVIEW: "plain",
    Outcome.SET_ASIDE: "stop",
    Outcome.NOT_RELATED: "stop",
    Outcome.LATER: "plain",
    Outcome.OUTSIDE: "plain",
    Outcome.POSSIBLE: "wait",
}
GOOD = "good"
