"""One file a stage: each a PTransform with typed outputs, failures among them."""
