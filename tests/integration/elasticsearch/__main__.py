"""`python -m tests.integration.elasticsearch`: a node to try things on, until Ctrl-C."""

import signal

from tests.integration.elasticsearch.server import node

ENDINGS = {signal.SIGINT, signal.SIGTERM}


def main() -> None:
    server = node(quick=False).start()
    print(f"ELASTICSEARCH_URL={server.url}", flush=True)
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    signal.sigwait(ENDINGS)
    server.stop()


if __name__ == "__main__":
    main()
