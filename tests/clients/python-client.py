"""A connection with Python's websockets: events as JSON lines on stdout, messages to send as lists of frames on stdin."""

import asyncio
import inspect
import json
import sys

import websockets
import websockets.exceptions


def tell(**event):
    print(json.dumps(event), flush=True)


def extension_names(socket):
    return ", ".join(extension.name for extension in getattr(socket, "protocol", socket).extensions)


async def send_lines(socket):
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        await socket.send(json.loads(line))


async def main(url, headers, protocols):
    # Renamed in version 14.
    parameters = inspect.signature(websockets.connect).parameters
    name = "additional_headers" if "additional_headers" in parameters else "extra_headers"
    try:
        socket = await websockets.connect(url, subprotocols=protocols or None, **{name: headers})
    except websockets.exceptions.InvalidHandshake as error:
        return tell(refused=str(error))
    tell(subprotocol=socket.subprotocol or "", extensions=extension_names(socket))
    sending = asyncio.create_task(send_lines(socket))
    try:
        while True:
            tell(message=await socket.recv())
    except websockets.exceptions.ConnectionClosed:
        tell(closed=[socket.close_code, socket.close_reason])
    sending.cancel()


asyncio.run(main(*json.loads(sys.argv[1])))
