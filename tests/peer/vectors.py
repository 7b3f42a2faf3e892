"""Pushes as wechatpy seals and signs them, for our reader: right ones of every kind, and forged ones.

    vectors.py FILE

Each says what it is to be read as, or that it is to be refused. What an XML message holds is read by xmltodict.
"""

import base64
import json
import random
import string
import sys

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto, _get_signature

TOKEN, APP_ID = "linli_push_token", "wxlinlidev"
BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
STAMP, NONCE = "1795320000", "1320562132"
draw = random.Random(2026)


def keys():
    """Three keys of each kind: 43 signs hold two bits too many, and they may be anything."""
    for bits in range(4):
        for _ in range(3):
            last = draw.choice([sign for at, sign in enumerate(BASE64) if at % 4 == bits])
            yield "".join(draw.choices(BASE64, k=42)) + last


def events():
    """Bodies as WeChat sends them; the last grows by one byte each, so that every length of padding comes."""
    head = {"ToUserName": "gh_linli", "FromUserName": "oMq-7VbcM_1W4_QMu9XBi-uIfCtA", "MsgType": "event"}
    item = {"TemplateId": "3q1r6ybRweL6-KmXxMFaI_hIAp_Jv4YsvRSwAuYHYdE", "SubscribeStatusString": "accept"}
    popup = {**head, "Event": "subscribe_msg_popup_event", "CreateTime": 1795320000}
    yield {**popup, "List": {**item, "PopupScene": "0"}}
    yield {**popup, "CreateTime": "1795320000", "List": [item, {**item, "SubscribeStatusString": "reject"}]}
    yield {**popup, "SubscribeMsgPopupEvent": {"List": [item]}}
    sent = {"TemplateId": item["TemplateId"], "MsgID": 1864323726461255681, "ErrorCode": "0", "ErrorStatus": "success"}
    yield {**head, "Event": "subscribe_msg_sent_event", "CreateTime": "1795320000", "List": sent}
    yield {**head, "Event": "user_info_modified", "Note": "王阿姨 🎂👨‍👩‍👧 \u2028 <b>&amp; \"引号\" 𠮷"}
    for length in range(1, 33):
        yield {**head, "Event": "e", "Note": "邻" + "a" * length}


def as_xml(event):
    def element(name, value):
        if isinstance(value, list):
            return "".join(element(name, one) for one in value)
        if isinstance(value, dict):
            return f"<{name}>{''.join(element(*pair) for pair in value.items())}</{name}>"
        return f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{value}]]></{name}>"

    return element("xml", event)


def body(encrypt, xml):
    if xml:
        return f"<xml><ToUserName><![CDATA[gh_linli]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    return json.dumps({"ToUserName": "gh_linli", "Encrypt": encrypt})


def sealed(key, message, app_id=APP_ID):
    crypto = WeChatCrypto(TOKEN, key, app_id)
    return PrpCrypto(crypto.key).encrypt(message, app_id).decode()


def signed(encrypt, token=TOKEN):
    return _get_signature(token, STAMP, NONCE, encrypt)


def vector(key, encrypt, xml, what, signature=None, **wanted):
    return {
        "what": what, "token": TOKEN, "aes_key": key, "app_id": APP_ID, "timestamp": STAMP, "nonce": NONCE,
        "msg_signature": signature or signed(encrypt), "body": body(encrypt, xml), **wanted,
    }


def flipped(encrypt, at):
    """One bit of the sealed bytes turned; from the end where `at` is negative."""
    turned = bytearray(base64.b64decode(encrypt))
    turned[at] ^= 1
    return base64.b64encode(turned).decode()


def right(key):
    for event in events():
        message = json.dumps(event, ensure_ascii=False)
        yield vector(key, sealed(key, message), False, "json", message=message, told=event)
        message = as_xml(event)
        told = xmltodict.parse(message)["xml"]
        yield vector(key, sealed(key, message), True, "xml", message=message, told=told)


def forged(key):
    message = json.dumps(next(events()), ensure_ascii=False)
    encrypt = sealed(key, message)
    # Padding alone in its last two blocks: nothing but the padding tells that one of its bits was turned.
    filler = -(20 + len(message.encode()) + len(APP_ID)) % 32
    padded = sealed(key, message + " " * filler)
    other = "".join(draw.choices(BASE64, k=43))
    cut = base64.b64encode(base64.b64decode(encrypt)[:-16]).decode()
    for xml in (False, True):
        for what, encrypt_, signature in [
            ("signed with another token", encrypt, signed(encrypt, "another token")),
            ("a signature of nothing", encrypt, "0" * 40),
            ("the signature in capitals", encrypt, signed(encrypt).upper()),
            ("a bit turned, not signed anew", flipped(encrypt, 40), signed(encrypt)),
            ("a bit of the length turned, signed anew", flipped(encrypt, 2), None),
            ("a bit of the app id turned, signed anew", flipped(encrypt, -17), None),
            ("a bit of the padding turned, signed anew", flipped(padded, -32), None),
            ("cut by a block, signed anew", cut, None),
            ("cut within a block, signed anew", encrypt[:-8], None),
            ("sealed with another key", sealed(other, message), None),
            ("sealed for another app", sealed(key, message, "wxsomebodyelse"), None),
        ]:
            yield vector(key, encrypt_, xml, what, signature)
        whole = vector(key, encrypt, xml, "the body cut in the middle")
        yield {**whole, "body": whole["body"][: len(whole["body"]) // 2]}


if __name__ == "__main__":
    all_keys = list(keys())
    vectors = [one for key in all_keys for make in (right, forged) for one in make(key)]
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(vectors, file, ensure_ascii=False)
    print(f"wechatpy: {len(vectors)} pushes under {len(all_keys)} keys")
