"""Composition: graph, stages, dossiers, command line. The one place that knows both sides."""

import logging
import os

# Beside the threads of Beam and ONNX Runtime more than one of BLAS makes look-ups slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Beam complains of what it does not find and what nothing here needs: Google's clients, and the
# module that would tell it how much memory a model takes.
_IDLE = ("apitools not found", "Resource module is not available")
logging.getLogger().addFilter(lambda record: not str(record.msg).startswith(_IDLE))
