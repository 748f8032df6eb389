"""What somebody is told who ran against a rule of the method: which, and what they can do."""

from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.integration import Need

WORDS = {
    Rule.STAGE: _(
        "Esto se hace en otra etapa del proceso. Mira en la página del proceso en cuál estamos."
    ),
    Rule.NO_METHOD: _("Esta convocatoria no tiene un método publicado: solo recibe propuestas."),
    Rule.NOT_A_MEMBER: _("Esto lo hacen quienes integran el grupo que el método señala."),
    Rule.BLIND: _(
        "La evaluación es a ciegas: nadie ve el puntaje de otra persona hasta que se publican"
        " todos."
    ),
    Rule.OWN_PROPOSAL: _("Nadie evalúa una propuesta suya."),
    Rule.CONFLICT_OF_INTEREST: _(
        "Declaraste un conflicto de interés con esta propuesta: la evalúa otra persona."
    ),
    Rule.LOCKED: _("Esta evaluación ya se entregó y no se cambia."),
    Rule.SETTLED: _("Esto ya se respondió, o el foro lo está decidiendo: no se cambia."),
    Rule.ALONE: _(
        "Ninguna decisión sobre el Plan la toma una sola autoridad ni un solo miembro: hace falta"
        " la conformidad de otro sector."
    ),
    Rule.QUORUM: _("No hay el quórum que pide el método para decidir."),
    Rule.ABSENT: _("Para votar, primero anota tu asistencia a la sesión."),
    Rule.ONE_GROUP: _("Una propuesta está ya en el máximo de grupos que permite el método."),
    Rule.SAME_REVIEWERS: _(
        "Cuando una persona responde a una decisión, la revisan quienes no la tomaron."
    ),
    Rule.UNFINISHED: _("Todavía queda algo por hacer antes de pasar a la etapa siguiente."),
    Rule.INCOMPLETE: _(
        "A este texto le falta algo que todo compromiso tiene que decir. Cuando esté escrito, se"
        " puede acordar."
    ),
    Rule.TERM_OVER: _("El plazo para esto ya terminó."),
    Rule.NOT_YOURS: _("Esto le corresponde a otra organización."),
    Rule.LEVEL: _(
        "Para esto hace falta saber mejor quién eres. En «Mi cuenta» puedes ver cómo verificarte."
    ),
}

NEEDS = {
    Need.PROBLEM: _("los problemas que resuelve"),
    Need.SOLUTION: _("la solución"),
    Need.TERM: _("cuándo empieza y cuándo termina"),
    Need.GOALS: _("al menos un Objetivo de Desarrollo Sostenible"),
    Need.STEPS: _("al menos un hito"),
    Need.RESPONSIBLE: _("la institución responsable"),
    Need.COUNTERPART: _("la contraparte"),
}


def lacks(breach: Breach) -> list[Text]:
    """What has to be there first, of somebody who wanted to agree without it."""
    about = breach.about if breach.rule == Rule.INCOMPLETE else ()
    return [NEEDS[Need(str(need))] for need in about]
