"""Composition: graph, stages, dossiers, command line. The one place that knows both sides."""

import logging
import os

# Beside the threads of Beam and ONNX Runtime more than one of BLAS makes look-ups slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Beam tells at each import that Google's clients are missing; nothing here needs them.
logging.getLogger().addFilter(lambda record: not str(record.msg).startswith("apitools not found"))
