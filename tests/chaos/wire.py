# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP and WebSocket as a client speaks them, for a thousand clients in one process: asyncio protocols without layers."""

import asyncio
import base64
import json
import os
import socket
import struct

REQUEST_TIMEOUT_S = 30  # the desktop's
FRAME_TEXT, FRAME_CLOSE, FRAME_PING, FRAME_PONG = 1, 8, 9, 10


class Lost(Exception):
    """No answer came: whether the request was carried out is not known."""


class Reply:
    __slots__ = ("status", "body")

    def __init__(self, status, body):
        self.status, self.body = status, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The error's code; "" when a balancer answered in the server's place."""
        try:
            return json.loads(self.body)["error"]["code"]
        except (ValueError, KeyError, TypeError):
            return ""


def head_value(head, name):
    """A header's value in lower-case bytes @head; None without it."""
    at = head.find(b"\r\n" + name + b":")
    return None if at < 0 else head[at + len(name) + 3:head.index(b"\r\n", at + 2)].strip()


class HttpConnection(asyncio.Protocol):
    """One request at a time on a connection that is kept."""

    def __init__(self):
        self.transport = self.answer = None
        self.buffer = bytearray()
        self.is_closed = False

    def connection_made(self, transport):
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def connection_lost(self, exc):
        self.is_closed = True
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(Lost("the connection ended"))

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0 or self.answer is None or self.answer.done():
            return
        head = bytes(self.buffer[:end + 2]).lower()
        body = self.take_body(head, end + 4)
        if body is None:
            return
        if head_value(head, b"connection") == b"close":
            self.is_closed = True
            self.transport.close()
        self.answer.set_result(Reply(int(head[9:12]), body))

    def take_body(self, head, start):
        """The body when it is complete."""
        if head_value(head, b"transfer-encoding") == b"chunked":
            return self.take_chunks(start)
        length = int(head_value(head, b"content-length") or 0)
        if len(self.buffer) < start + length:
            return None
        body = bytes(self.buffer[start:start + length])
        del self.buffer[:start + length]
        return body

    def take_chunks(self, at):
        parts = []
        while True:
            line = self.buffer.find(b"\r\n", at)
            if line < 0:
                return None
            size = int(bytes(self.buffer[at:line]), 16)
            if len(self.buffer) < line + 4 + size:
                return None
            parts.append(bytes(self.buffer[line + 2:line + 2 + size]))
            at = line + 4 + size
            if size == 0:
                del self.buffer[:at]
                return b"".join(parts)

    def ask(self, request):
        self.buffer.clear()
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answer


class Http:
    """A client's way to the API: one connection, opened again when it is gone. @address: whose it says to be."""

    def __init__(self, host, port, address):
        self.host, self.port = host, port
        self.token = None
        self.head = f"Host: guiche.test\r\nX-Forwarded-For: {address}\r\nContent-Type: application/json\r\n"
        self.connection = None
        self.resent = 0  # requests that went out twice because the kept connection had ended
        self.turn = asyncio.Lock()

    def request_bytes(self, method, path, body):
        data = b"" if body is None else json.dumps(body).encode()
        token = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return f"{method} {path} HTTP/1.1\r\n{self.head}{token}Content-Length: {len(data)}\r\n\r\n".encode() + data

    async def open(self):
        try:
            _, self.connection = await asyncio.get_running_loop().create_connection(HttpConnection, self.host, self.port)
        except OSError as error:
            raise Lost(str(error)) from None

    async def request(self, method, path, body=None, timeout=REQUEST_TIMEOUT_S):
        async with self.turn:
            try:
                async with asyncio.timeout(timeout):
                    return await self.exchange(self.request_bytes(method, path, body))
            except TimeoutError:
                self.close()
                raise Lost("no answer in time") from None

    async def exchange(self, data):
        if self.connection is not None and not self.connection.is_closed:
            try:
                return await self.connection.ask(data)
            except Lost:  # it may have been closed while nobody used it: once more, on a new one
                self.resent += 1
        await self.open()
        return await self.connection.ask(data)

    async def get(self, path, **more):
        return await self.request("GET", path, **more)

    async def post(self, path, body, **more):
        return await self.request("POST", path, body, **more)

    def close(self):
        if self.connection is not None and self.connection.transport is not None:
            self.connection.transport.abort()
        self.connection = None


class WebSocket(asyncio.Protocol):
    """A live stream. @on_text is called with each text frame's bytes, @on_down once with the close code."""

    def __init__(self, on_text, on_down):
        self.on_text, self.on_down = on_text, on_down
        self.transport = None
        self.buffer = bytearray()
        self.opened = asyncio.get_running_loop().create_future()
        self.close_code = 1006

    def connection_made(self, transport):
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def connection_lost(self, exc):
        if not self.opened.done():
            self.opened.set_exception(Lost("the handshake was not answered"))
        elif not self.opened.cancelled() and self.opened.exception() is None:
            self.on_down(self.close_code)

    def shake_hands(self, path, head, token):
        key = base64.b64encode(os.urandom(16)).decode()
        self.transport.write((f"GET {path} HTTP/1.1\r\n{head}Authorization: Bearer {token}\r\nUpgrade: websocket\r\n"
                              f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n").encode())

    def data_received(self, data):
        self.buffer += data
        if not self.opened.done():
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            status = int(self.buffer[9:12])
            del self.buffer[:end + 4]
            if status != 101:
                self.opened.set_exception(Refused(status))
                self.transport.abort()
                return
            self.opened.set_result(None)
        self.take_frames()

    def take_frames(self):
        buffer, at, end = self.buffer, 0, len(self.buffer)
        while end - at >= 2:
            length, start = buffer[at + 1] & 0x7F, at + 2
            if length == 126:
                if end - at < 4:
                    break
                length, start = struct.unpack_from(">H", buffer, at + 2)[0], at + 4
            elif length == 127:
                if end - at < 10:
                    break
                length, start = struct.unpack_from(">Q", buffer, at + 2)[0], at + 10
            if end < start + length:
                break
            self.take_frame(buffer[at] & 0x0F, bytes(buffer[start:start + length]))
            at = start + length
        del buffer[:at]

    def take_frame(self, opcode, payload):
        if opcode == FRAME_TEXT:
            self.on_text(payload)
        elif opcode == FRAME_PING:
            self.send(payload, FRAME_PONG)
        elif opcode == FRAME_CLOSE:
            self.close_code = struct.unpack_from(">H", payload)[0] if len(payload) >= 2 else 1005
            self.transport.close()

    def send(self, payload, opcode=FRAME_TEXT):
        """Masked with zeros, which any mask may be."""
        length = len(payload)
        if length < 126:
            head = struct.pack(">BBI", 0x80 | opcode, 0x80 | length, 0)
        else:
            head = struct.pack(">BBHI", 0x80 | opcode, 0x80 | 126, length, 0)
        self.transport.write(head + payload)

    def abort(self):
        if self.transport is not None:
            self.transport.abort()


class Refused(Lost):
    """A handshake that was answered with another status."""

    def __init__(self, status):
        super().__init__(f"refused with {status}")
        self.status = status


async def open_websocket(http, path, on_text, on_down, timeout=REQUEST_TIMEOUT_S):
    socket_ = None
    try:
        async with asyncio.timeout(timeout):
            _, socket_ = await asyncio.get_running_loop().create_connection(lambda: WebSocket(on_text, on_down), http.host, http.port)
            socket_.shake_hands(path, http.head, http.token)
            await socket_.opened
            return socket_
    except (OSError, TimeoutError) as error:
        if socket_ is not None:
            socket_.abort()
        raise Lost(str(error) or "no handshake in time") from None
