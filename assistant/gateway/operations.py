"""Routes for those who run the service."""

from anyio.to_thread import run_sync
from fastapi import APIRouter, Response

from assistant.errors import StorageError
from assistant.gateway import contract
from assistant.gateway.problems import problem
from assistant.gateway.services import Parts, Services

router = APIRouter(tags=["operations"])
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Tell that the process is alive."""
    return {"status": "ok"}


@router.get("/readyz", response_model=contract.Readiness, responses={503: {"model": contract.Problem}})
async def readyz(parts: Parts) -> contract.Readiness | Response:
    """Tell each part's state; 503 while any of them is down."""
    up = {"storage": await _storage_answers(parts), **await parts.rasa.health()}
    states = {name: "ok" if answers else "down" for name, answers in up.items()}
    assistant = "on" if parts.storage.operator.current.pause is None else "switched_off"
    if all(up.values()):
        return contract.Readiness.model_validate({"status": "ready", "parts": states, "assistant": assistant})
    return problem(503, parts.replies.phrase("not_ready"), parts=states, assistant=assistant)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(parts: Parts) -> Response:
    """Return the figures as Prometheus text."""
    return Response(parts.metrics.page(), media_type=_PROMETHEUS)


async def _storage_answers(parts: Services) -> bool:
    try:
        await run_sync(parts.storage.database.check)
    except StorageError:
        return False
    return True
