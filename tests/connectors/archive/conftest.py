"""Assertions of the contract explain themselves as those of a test file do."""

import pytest

for part in (
    "contract",
    "contract_intake",
    "contract_documents",
    "contract_memory",
    "contract_search",
):
    pytest.register_assert_rewrite(f"tests.connectors.archive.{part}")
