"""A server that reads the stand-in's pushes with wechatpy, both forms, under keys of every kind.

    receive.py URL    where the stand-in is

Right pushes have to open to what was told; spoilt ones must not.
"""

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import xmltodict
from vectors import APP_ID, TOKEN, keys
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import WeChatException
from wechatpy.utils import check_signature

stand_in, came = sys.argv[1], Queue()
straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        came.put((query, body.decode("utf-8", "replace")))
        self.send_response(200)
        self.send_header("Content-Length", "7")
        self.end_headers()
        self.wfile.write(b"success")

    def log_message(self, *_):
        pass


def control(path, body):
    head = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{stand_in}/__fake/{path}", json.dumps(body).encode(), head)
    return json.load(straight.open(request))


def pushed(key, fields, spoil=None):
    """What came of a push, opened; raises where a server has to refuse it."""
    control("pushes", {"from": "o1", "event": "user_info_modified", "fields": fields, "spoil": spoil})
    query, body = came.get(timeout=10)
    check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
    envelope = xmltodict.parse(body)["xml"] if body.startswith("<") else json.loads(body)
    crypto = WeChatCrypto(TOKEN, key, APP_ID)
    inner = crypto.decrypt_message(envelope, query["msg_signature"], query["timestamp"], query["nonce"])
    return xmltodict.parse(inner)["xml"] if inner.startswith("<") else json.loads(inner)


def refused(key, spoil):
    try:
        told = pushed(key, {"Note": "邻里"}, spoil)
    except (WeChatException, ValueError, KeyError, xmltodict.expat.ExpatError):
        return
    sys.exit(f"a push that is spoilt ({spoil}) was read as {told}")


server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
count = 0
for number, key in enumerate(keys()):
    for xml in (False, True):
        wording = {"xml": xml, "numbers_as_text": number % 2 == 1}
        url = f"http://127.0.0.1:{server.server_port}/wechat/push"
        control("push-target", {"url": url, "token": TOKEN, "aes_key": key, "wording": wording})
        # Thirty-two lengths: every padding there is.
        for length in range(32):
            note = "王阿姨 🎂 ]]> <b>&" + "a" * length
            told = pushed(key, {"Note": note})
            assert (told["Note"], told["Event"]) == (note, "user_info_modified"), told
            assert isinstance(told["CreateTime"], str) == (xml or number % 2 == 1), told
            count += 1
        for spoil in ("signature", "app_id", "truncated", "flipped"):
            refused(key, spoil)
            count += 1
control("push-target", None)
print(f"the stand-in: {count} pushes, read by wechatpy as they were meant, spoilt ones refused")
