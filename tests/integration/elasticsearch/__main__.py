"""`python -m tests.integration.elasticsearch [--secured]`: a node to try things on, until Ctrl-C.

Prints, for a shell to take over, where the node is; with --secured, which means TLS and an API key
that has every documented role, also who asks.
"""

import signal
import sys

from tests.integration.elasticsearch.secured import ROLES, SecuredNode
from tests.integration.elasticsearch.server import Node, node

ENDINGS = {signal.SIGINT, signal.SIGTERM}


def secured() -> tuple[Node, dict[str, str]]:
    made = SecuredNode(quick=False)
    key = made.key_for(*(path.stem for path in ROLES.glob("*.json")))
    return made.node, {"CA_FILE": str(made.ca_file), "API_KEY": key}


def main() -> None:
    server, who = secured() if "--secured" in sys.argv else (node(quick=False).start(), {})
    for name, value in {"URL": server.url, **who}.items():
        print(f"export ELASTICSEARCH_{name}={value}", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    signal.sigwait(ENDINGS)
    server.remove()


if __name__ == "__main__":
    main()
