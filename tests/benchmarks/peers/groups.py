"""Django Channels with its fastest layer (Redis pub/sub), on uvicorn; it runs in an environment of its own."""

import os
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

LAYER = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [os.environ["REDIS_URL"]]}}
settings.configure(SECRET_KEY="benchmark", CHANNEL_LAYERS={"default": LAYER}, INSTALLED_APPS=["channels"])
django.setup()


class Follow(AsyncWebsocketConsumer):  # type: ignore[misc]  # not installed here
    groups = ("room",)

    async def connect(self) -> None:
        await self.accept()
        await self.send(text_data='{"k":"hello"}')

    async def event(self, message: dict[str, Any]) -> None:
        await self.send(text_data=message["text"])


async def publish(_scope: Any, receive: Any, send: Any) -> None:
    text = (await receive())["body"].decode()
    await get_channel_layer().group_send("room", {"type": "event", "text": text})
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


app = ProtocolTypeRouter({"http": publish, "websocket": Follow.as_asgi()})
