# A control room's program on Debian's python3-zmq: prints every alarm it has as a line of JSON, each once and in order. It replays
# what it has missed at its start and whenever a number tells that something is missing, as the feed's heartbeat does.
import json
import struct
import sys

import zmq

told = json.loads(sys.stdin.readline())
context = zmq.Context()


def connect(kind, url):
    socket = context.socket(kind)
    socket.curve_serverkey = told["server"].encode()
    socket.curve_publickey = told["public"].encode()
    socket.curve_secretkey = told["secret"].encode()
    socket.linger = 0
    socket.connect(url)
    return socket


last = told["last"]
live = connect(zmq.SUB, told["publish"])
live.subscribe(b"")


def take(sequence, record):
    global last
    if sequence <= last:
        return
    last = sequence
    print(json.dumps({"sequence": sequence, "key": json.loads(record)["data"]["alarm"]["key"]}), flush=True)


def replay():
    asking = connect(zmq.DEALER, told["request"])
    asking.rcvtimeo = 20000
    asking.send(json.dumps({"op": "replay", "from": last + 1}).encode())
    try:
        while True:
            frames = asking.recv_multipart()
            if len(frames) == 1:
                return json.loads(frames[0])["op"] == "end"
            take(struct.unpack(">Q", frames[1])[0], frames[2])
    except zmq.Again:
        return False
    finally:
        asking.close()


while True:
    topic, number, record = live.recv_multipart()
    sequence = struct.unpack(">Q", number)[0]
    # Whether a number is the next can only be told by asking, since other records have numbers too.
    if sequence > last:
        replay()
