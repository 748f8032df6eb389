"""The groups of the texts on the standard input, in a process of its own."""

import json
import sys
from dataclasses import asdict

from minga.services.cocreation.rules.similar import Parameters, Text, suggested

given = json.load(sys.stdin)
texts = [Text(*row) for row in given["texts"]]
found = suggested(texts, Parameters(**given["parameters"]))
json.dump([asdict(group) for group in found], sys.stdout)
