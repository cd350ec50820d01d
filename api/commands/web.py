"""The web process: pages, chat, API and webhooks; started by `up` and `demo`."""

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "It serves on this computer only; put a proxy with TLS before it. It stops cleanly on SIGTERM."


async def run(args: argparse.Namespace) -> int:
    import uvicorn

    from api.app import create_app
    from api.logs import set_up_logs
    from mom.database.access import open_store
    from mom.settings import read_settings

    set_up_logs()
    settings = read_settings()
    async with open_store(settings) as store:
        app = create_app(settings, store)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=settings.port, log_level="warning", server_header=False,
            timeout_graceful_shutdown=3, proxy_headers=True, forwarded_allow_ips="127.0.0.1",
        )  # fmt: skip
        await uvicorn.Server(config).serve()
    return 0
