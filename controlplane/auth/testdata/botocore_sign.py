"""Signs requests with botocore: JSON lines in, JSON lines with headers and URL out."""
import datetime
import json
import sys
import warnings

warnings.simplefilter("ignore")
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

for line in sys.stdin:
    q = json.loads(line)
    now = datetime.datetime.strptime(q["at"], "%Y%m%dT%H%M%SZ")

    class Clock(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return now

        @classmethod
        def now(cls, tz=None):
            return now.replace(tzinfo=tz)

    botocore.auth.datetime.datetime = Clock
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
    r = AWSRequest(method=q["method"], url=q["url"], data=q["body"].encode(), headers=q["headers"])
    creds = Credentials(q["key"], q["secret"])
    if q["presign"]:
        r.data = b""
        signer = botocore.auth.SigV4QueryAuth(creds, q["service"], q["region"], expires=60)
    else:
        signer = botocore.auth.SigV4Auth(creds, q["service"], q["region"])
    signer.add_auth(r)
    p = r.prepare()
    headers = {k: v.decode() if isinstance(v, bytes) else v for k, v in p.headers.items()}
    print(json.dumps({"url": p.url, "headers": headers}), flush=True)
