# A server with Python's "websockets": the token is the first frame. Commands come on its standard input, and what it
# understood goes to its standard output.
import asyncio
import json
import sys

import websockets

port, token = int(sys.argv[1]), sys.argv[2]
login_takes = 0
listeners = set()


def note(text):
    print(text, flush=True)


async def serve(socket, path=None):
    login = json.loads(await socket.recv())
    note("login")
    await asyncio.sleep(login_takes)
    if login != {"type": "login", "text": token}:
        return await socket.close(4401, "wrong token")
    await socket.send(json.dumps({"type": "welcome"}))
    try:
        async for frame in socket:
            if frame == '{"type":"ping"}':
                await socket.send('{"type":"pong"}')
                continue
            message = json.loads(frame)
            if message["type"] == "subscribe":
                listeners.add(socket)
            elif message["type"] == "unsubscribe":
                listeners.discard(socket)
                note("unsubscribe")
            elif message["type"] == "ask":
                note(message["text"])
                await socket.send(json.dumps({"id": message["id"], "type": "answer", "text": message["text"] + "!"}))
            elif message["type"] != "say":
                await socket.send(json.dumps({"id": message["id"], "type": "answer", "error": "What?"}))
            else:
                note(message["text"])
                await socket.send(json.dumps({"type": "said", "text": message["text"]}))
    except websockets.ConnectionClosed:
        pass
    finally:
        listeners.discard(socket)


async def obey():
    global login_takes
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode():
        command, value = line.split()
        if command == "login_takes":
            login_takes = float(value)
        for listener in list(listeners) if command == "publish" else []:
            await listener.send(json.dumps({"type": "news", "topic": "news", "text": value}))


async def main():
    # Its own pings are frames of the protocol, which every WebSocket answers.
    async with websockets.serve(serve, "127.0.0.1", port, ping_interval=0.3, ping_timeout=2):
        await obey()


asyncio.run(main())
