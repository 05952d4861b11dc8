# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies bytes between loopback ports and can stop to, without a word, in either direction. One command a line on standard
input: {"do": "relay", "name", "port"} answers the port it listens on; {"do": "cut", "name", "ways": ["up", "down"]};
{"do": "sever", "name"} ends its connections; {"do": "heal", "name": a prefix}."""

import asyncio
import json
import os
import sys

CHUNK = 65536


class Link:
    def __init__(self, port):
        self.port = port
        self.open = {"up": asyncio.Event(), "down": asyncio.Event()}
        for way in self.open.values():
            way.set()
        self.transports = set()

    async def take(self, reader, writer):
        for way in self.open.values():
            await way.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            writer.transport.abort()
            return
        both = {writer.transport, far_writer.transport}
        self.transports |= both
        await asyncio.gather(self.copy("up", reader, far_writer), self.copy("down", far_reader, writer))
        self.transports -= both
        for each in (writer, far_writer):
            each.close()

    def sever(self):
        for transport in self.transports:
            transport.abort()

    async def copy(self, way, reader, writer):
        try:
            while True:
                await self.open[way].wait()
                data = await reader.read(CHUNK)
                await self.open[way].wait()
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.write_eof()
        except OSError:
            writer.transport.abort()


async def serve():
    links = {}
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        command, answer = json.loads(line), True
        if command["do"] == "relay":
            link = links[command["name"]] = Link(command["port"])
            server = await asyncio.start_server(link.take, "127.0.0.1", 0)
            answer = server.sockets[0].getsockname()[1]
        elif command["do"] == "cut":
            for way in command["ways"]:
                links[command["name"]].open[way].clear()
        elif command["do"] == "sever":
            links[command["name"]].sever()
        else:
            for name, link in links.items():
                if name.startswith(command["name"]):
                    for way in link.open.values():
                        way.set()
        print(json.dumps(answer), flush=True)
    os._exit(0)  # connections and all


if __name__ == "__main__":
    asyncio.run(serve())
