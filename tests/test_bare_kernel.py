"""The live figure over a kernel's own messages, as Colab, VS Code and any other front end carry them: no server."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator

import pytest
from jointaction import explorer
from jointaction.faces.live import FIGURE_MIME, WIDGET_MIME
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=120)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def until(client: BlockingKernelClient, wanted) -> dict:
    """The first message to every front end that is wanted, within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            message = client.get_iopub_msg(timeout=5)
        except queue.Empty:
            continue
        assert message["msg_type"] != "error", message["content"]
        if wanted(message):
            return message
    raise AssertionError("the kernel did not answer")


def test_a_figure_needs_only_the_kernel(kernel: BlockingKernelClient) -> None:
    def custom(message: dict, key: str) -> bool:
        data = message["content"].get("data", {})
        return message["msg_type"] == "comm_msg" and key in data.get("content", {})

    def send(**data: object) -> None:
        content = {"comm_id": model, "data": data}
        kernel.shell_channel.send(kernel.session.msg("comm_msg", content))

    kernel.execute("from jointaction import explorer; figure = explorer('matching-ratio'); figure")
    shown = until(kernel, lambda message: message["msg_type"] == "execute_result")["content"]["data"]
    assert {"text/plain", "image/svg+xml", FIGURE_MIME, WIDGET_MIME} <= shown.keys()
    model = shown[WIDGET_MIME]["model_id"]

    send(method="custom", content={"need": "library", "id": "1"})
    answer = until(
        kernel, lambda message: custom(message, "what") and message["content"]["data"]["content"].get("id") == "1"
    )
    charts, figure, style = (bytes(part).decode() for part in answer["buffers"])
    assert "jointactionVega" in charts and "ja-painted" in figure and "--ja-central" in style

    send(method="custom", content={"need": "figure", "id": "2"})
    answer = until(kernel, lambda message: custom(message, "html"))["content"]["data"]["content"]
    assert 'name="matching_ratio"' in answer["html"] and answer["readouts"]["pool"] == 42.0

    send(method="update", state={"matching_ratio": 0.5}, buffer_paths=[])
    answer = until(kernel, lambda message: custom(message, "readouts"))["content"]["data"]["content"]
    assert answer["readouts"] == explorer("matching-ratio").results(matching_ratio=0.5)
