"""Composition: graph, stages, dossiers, command line. The one place that knows both sides."""

import logging

# Beam tells at each import that Google's clients are missing; nothing here needs them.
logging.getLogger().addFilter(lambda record: not str(record.msg).startswith("apitools not found"))
