# A server that speaks delivery, with Python's "websockets" and nothing of ours: what PROTOCOL.md asks of "a server in another
# language". Commands come on its standard input, and what it has handled goes to its standard output.
import asyncio
import json
import random
import secrets
import sys
from collections import deque

import websockets

WINDOW = {"messages": 256, "bytes": 1 << 20, "largest": 1 << 16}
EPOCH = secrets.token_hex(4)
outboxes, links, said = {}, set(), []
tasks = set()


class Refusal(Exception):
    pass


# The application.


async def handle(text):
    print(text, flush=True)
    if random.random() < 0.2:
        await asyncio.sleep(random.random() * 0.02)


async def answer(text):
    print(text, flush=True)
    await asyncio.sleep(random.random() * 0.05)
    if text.endswith("7"):
        raise Refusal("no sevens")
    return "reply to " + text


# The protocol.


def start(work):
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)
    return task


class Outbox:
    """What is remembered of a client: the last number taken, what has failed, and the replies."""

    def __init__(self, taken):
        self.epoch = secrets.token_hex(6)  # a client that tells it has heard what is remembered here
        self.taken, self.failed, self.replies, self.running = taken, [], {}, {}
        self.queue, self.link = deque(), None
        self.idle = asyncio.Event()
        self.idle.set()

    async def work(self):
        """Hands over what has arrived: one after the other, in order."""
        while self.queue:
            request, text = self.queue.popleft()
            try:
                if request is not None:
                    self.running[request] = start(self.run(request, text))
                elif text is not None:
                    await handle(text)
            except Refusal as refusal:
                self.failed.append([self.taken + 1, str(refusal)])
            self.taken += 1
            if self.link:
                self.link.confirm_soon()
        self.idle.set()

    async def run(self, request, text):
        try:
            reply = json.dumps({"lifeline": "reply", "id": request}, separators=(",", ":")) + "\n" + await answer(text)
        except Refusal as refusal:
            reply = word("refusal", id=request, reason=str(refusal))
        del self.running[request]
        self.replies[request] = reply
        if self.link and self.link.is_answered:
            await self.link.send(reply)


def word(lifeline, **rest):
    return json.dumps({"lifeline": lifeline, **rest}, separators=(",", ":"))


class Link:
    def __init__(self, socket):
        self.socket, self.outbox, self.key, self.told = socket, None, None, None
        self.received = self.confirmed = self.position = 0
        self.is_answered = self.is_telling = self.is_confirming = False

    async def send(self, frame):
        try:
            await self.socket.send(frame)
        except websockets.ConnectionClosed:
            pass

    async def begin(self, outbox, next, token=None, epoch=None, **_):
        token = token or secrets.token_hex(16)
        self.key = (token, outbox)
        box = self.outbox = outboxes.setdefault(self.key, Outbox(next - 1))
        known = epoch == box.epoch
        older, box.link = box.link, self
        box.queue.clear()  # what has no handler yet is not taken: it comes again
        if older:
            start(older.socket.close(4409))
        if not box.idle.is_set():
            await self.send(word("wait"))
            await box.idle.wait()
        if box.link is not self:
            return await self.socket.close(4409)
        box.taken = max(box.taken, next - 1)
        box.failed = [entry for entry in box.failed if entry[0] >= next]
        self.received = self.confirmed = box.taken
        await self.send(word("session", token=token, taken=box.taken, known=known, epoch=box.epoch, failed=box.failed, **WINDOW))
        self.is_answered = True
        epoch, number = self.told or (EPOCH, len(said))
        is_whole = epoch == EPOCH and number <= len(said)
        self.position = number if is_whole else len(said)
        await self.send(word("position" if is_whole else "gap", topic="room", epoch=EPOCH, number=self.position))
        links.add(self)
        await self.tell()

    async def tell(self):
        """Sends what was said in the topic, from where this client is: what it has missed, and then the rest."""
        if self.is_telling:
            return
        self.is_telling = True
        while self.position < len(said) and self.socket.open:
            self.position += 1
            await self.send(word("topic", topic="room", number=self.position) + "\n" + said[self.position - 1])
        self.is_telling = False

    def confirm_soon(self):
        if not self.is_confirming:
            self.is_confirming = True
            asyncio.get_running_loop().call_later(0.05, lambda: start(self.confirm()))

    async def confirm(self):
        self.is_confirming = False
        box, before = self.outbox, self.confirmed
        if box.link is self and self.is_answered and box.taken > before:
            self.confirmed = box.taken
            failed = [entry for entry in box.failed if entry[0] > before]
            await self.send(word("taken", number=box.taken, failed=failed))

    async def count(self, request, text):
        if self.outbox.link is not self:
            return  # the session goes on over another link, on which this comes again
        self.received += 1
        self.outbox.queue.append((request, text))
        if self.received - self.outbox.taken > WINDOW["messages"]:
            await self.socket.close(4400)
        elif self.outbox.idle.is_set():
            self.outbox.idle.clear()
            start(self.outbox.work())

    async def ping(self, timestamp, sent=None, **_):
        if self.outbox and sent is not None and sent != self.received:
            await self.send(word("miscount", sent=sent, received=self.received))
            outboxes.pop(self.key, None)
            return await self.socket.close(4400)
        if self.outbox:
            await self.confirm()
        await self.send(word("pong", timestamp=timestamp))

    async def pending(self, ids):
        for id in ids:
            running = word("running" if id in self.outbox.running else "lost", id=id)
            await self.send(self.outbox.replies.get(id, running))

    async def receive(self, frame):
        is_ours = frame.startswith('{"lifeline":')
        header, _, payload = frame.partition("\n")
        heard = json.loads(header) if is_ours else {"lifeline": None}
        match heard.pop("lifeline"):
            case "positions":
                self.told = next(([epoch, number] for topic, epoch, number in heard["topics"] if topic == "room"), None)
            case "session":
                await self.begin(**heard)
            case "ping":
                await self.ping(**heard)
            case "message":
                await self.count(None, payload)
            case "request" if self.outbox:
                await self.count(heard["id"], payload)
            case "skip":
                for _ in range(heard["count"]):
                    await self.count(None, None)
            case "pending":
                await self.pending(heard["ids"])
            case "replied":
                for id in heard["ids"]:
                    self.outbox.replies.pop(id, None)
            case "abort" if heard["id"] in self.outbox.running:
                self.outbox.running.pop(heard["id"]).cancel()
            case "uncounted":
                await handle(payload)
            case None if self.outbox:
                await self.count(None, frame)
            case None:
                await (self.send("pong") if frame == "ping" else handle(frame))


async def serve(socket, path=None):
    link = Link(socket)
    try:
        async for frame in socket:
            await link.receive(frame)
    except websockets.ConnectionClosed:
        pass
    finally:
        links.discard(link)
        if link.outbox and link.outbox.link is link:
            link.outbox.link = None


async def obey():
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode():
        said.append(line.removeprefix("publish ").rstrip("\n"))
        for link in list(links):
            start(link.tell())


async def main():
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1]), ping_interval=None):
        await obey()


asyncio.run(main())
