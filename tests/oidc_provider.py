"""A small OpenID provider on Authlib's grants, served on a port of its own; tests turn its answers wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from authlib.common.security import generate_token
from authlib.oauth2 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, OAuth2Payload
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "staff-pages", "shared-with-the-provider"


@dataclass
class Knobs:
    """Who signs in, and what is wrong with the identity token."""

    user: dict[str, Any] = field(
        default_factory=lambda: {"sub": "person-1", "email": "mo@example.org", "email_verified": True}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    drop_id_token: bool = False
    foreign_key: bool = False
    issuer: str = ""


class _Payload(OAuth2Payload):
    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    @property
    def data(self) -> dict[str, str]:
        return dict(self._pairs)

    @property
    def datalist(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key, value in self._pairs:
            found[key].append(value)
        return found


class _Request(OAuth2Request):
    def __init__(self, request: Request, pairs: list[tuple[str, str]]) -> None:
        # Authlib takes requests over TLS only; this provider stays on the loopback.
        super().__init__(request.method, str(request.url.replace(scheme="https")), headers=request.headers)
        self.payload = _Payload(pairs)

    @property
    def args(self) -> dict[str, str]:
        return self.payload.data

    @property
    def form(self) -> dict[str, str]:
        return self.payload.data


class _Client(ClientMixin):
    client_id = CLIENT_ID

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/staff/sign-in/directory/back")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code:
    def __init__(self, data: dict[str, str], user: dict[str, Any]) -> None:
        self.data, self.user = data, user
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return self.data["redirect_uri"]

    def get_scope(self) -> str:
        return self.data["scope"]

    def get_nonce(self) -> str | None:
        return self.data.get("nonce")

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class _Grant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        self.server.codes[code] = _Code(request.payload.data, request.user)

    def query_authorization_code(self, code: str, client: Any) -> _Code | None:
        return self.server.codes.pop(code, None)

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        return None

    def authenticate_user(self, authorization_code: _Code) -> dict[str, Any]:
        return authorization_code.user


class _OpenID(OpenIDCode):
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self._provider = provider

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def resolve_client_private_key(self, client: Any) -> RSAKey:
        return self._provider.foreign if self._provider.knobs.foreign_key else self._provider.key

    def get_encode_header(self, client: Any) -> dict[str, Any]:
        return {"alg": "RS256", "kid": self._provider.key.kid} | self._provider.knobs.header

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        return {"iss": self._provider.url}

    def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
        # Last, so that what a test sets wins over what is right.
        return UserInfo(**(user | self._provider.knobs.claims))

    def process_token(self, grant: Any, response: Any) -> Any:
        token = super().process_token(grant, response)
        if self._provider.knobs.drop_id_token:
            token.pop("id_token")
        return token


class _Server(AuthorizationServer):
    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, _Code] = {}
        self.register_token_generator("default", BearerTokenGenerator(lambda **_: generate_token(42)))

    def query_client(self, client_id: str) -> _Client | None:
        return _Client() if client_id == CLIENT_ID else None

    def save_token(self, token: Any, request: OAuth2Request) -> None:
        return None

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        return None

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        made = JSONResponse(body, status) if isinstance(body, dict) else Response(body, status)
        made.headers.update(dict(headers))
        return made


class Provider:
    """The provider, running in a thread."""

    def __init__(self) -> None:
        self.knobs = Knobs()
        self.key, self.foreign = (RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True) for _ in range(2))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = _Server()
        self._server.register_grant(_Grant, [_OpenID(self), CodeChallenge(required=True)])
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/keys", self._keys),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
        ]
        config = uvicorn.Config(Starlette(routes=routes), log_level="critical", lifespan="off")
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [self._listening]}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._uvicorn.should_exit = True
        self._thread.join(timeout=10)
        self._listening.close()

    async def _metadata(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.knobs.issuer or self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
            }
        )

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> Response:
        asked = _Request(request, list(request.query_params.multi_items()))
        grant = self._server.get_consent_grant(asked, end_user=self.knobs.user)
        made: Response = self._server.create_authorization_response(asked, grant_user=self.knobs.user, grant=grant)
        return made

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        pairs = [(key, str(value)) for key, value in form.multi_items()]
        made: Response = self._server.create_token_response(_Request(request, pairs))
        return made
