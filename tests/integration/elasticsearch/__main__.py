"""`python -m tests.integration.elasticsearch [--secured]`: a node to try things on, until Ctrl-C.

Prints, for a shell to take over, where the node is: as ELASTICSEARCH_URL, which tests use; with
--secured (TLS, an API key that has every documented role) as ARCHIVE, which `make run` uses.
"""

import signal
import sys

from tests.integration.elasticsearch.secured import ROLES, SecuredNode
from tests.integration.elasticsearch.server import Node, node

ENDINGS = {signal.SIGINT, signal.SIGTERM}


def opened() -> tuple[Node, dict[str, str]]:
    made = node(quick=False).start()
    return made, {"ELASTICSEARCH_URL": made.url}


def secured() -> tuple[Node, dict[str, str]]:
    made = SecuredNode(quick=False)
    key = made.key_for(*(path.stem for path in ROLES.glob("*.json")))
    asking = {"ELASTICSEARCH_CA_FILE": str(made.ca_file), "ELASTICSEARCH_API_KEY": key}
    return made.node, {"ARCHIVE": made.url, **asking}


def main() -> None:
    server, variables = secured() if "--secured" in sys.argv else opened()
    for name, value in variables.items():
        print(f"export {name}={value}", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    signal.sigwait(ENDINGS)
    server.remove()


if __name__ == "__main__":
    main()
