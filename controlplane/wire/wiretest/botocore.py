# Answers, a JSON line each, what Amazon's own client makes of a service's model: the
# form that it sends for random parameters, and the values that it reads from an answer.
import base64, json, random, sys, datetime
from urllib.parse import urlencode
import botocore.model, botocore.parsers, botocore.serialize

ALPHABET = "abcXYZ019 -_.:/+=@&<>\"'%\u00e4\u20ac\U0001f600\t\n;#"

def value(shape, depth=0):
    kind = shape.type_name
    if kind == "structure":
        chosen = [n for n in shape.members if n in shape.required_members or random.random() < (0.7 if depth < 4 else 0.2)]
        if not chosen and depth > 0:
            chosen = list(shape.members)[:1]  # an empty structure has no form on the wire
        return {n: value(shape.members[n], depth + 1) for n in chosen}
    if kind == "list":
        least = max(shape.metadata.get("min", 1), 1)
        return [value(shape.member, depth + 1) for _ in range(random.randint(least, max(least, min(3, shape.metadata.get("max", 3)))))]
    if kind == "string":
        if shape.enum:
            return random.choice(shape.enum)
        least, most = shape.metadata.get("min", 0), shape.metadata.get("max", 30)
        return "".join(random.choice(ALPHABET) for _ in range(random.randint(least, max(least, min(most, 30)))))
    if kind in ("integer", "long"):
        bound = 2**31 - 1 if kind == "integer" else 2**63 - 1
        return random.randint(shape.metadata.get("min", -bound), shape.metadata.get("max", bound))
    if kind in ("double", "float"):
        return random.choice([0.5, 1.25, 99.875])
    if kind == "boolean":
        return random.random() < 0.5
    if kind == "timestamp":
        return datetime.datetime.fromtimestamp(random.randint(0, 2**31), datetime.timezone.utc)
    if kind == "blob":
        return bytes(random.randrange(256) for _ in range(random.randint(1, 40)))
    raise ValueError(kind)

def plain(v):
    if isinstance(v, dict):
        return {k: plain(x) for k, x in v.items() if k != "ResponseMetadata"}
    if isinstance(v, list):
        return [plain(x) for x in v]
    if isinstance(v, bytes):
        return base64.b64encode(v).decode()
    if isinstance(v, datetime.datetime):
        v = v.astimezone(datetime.timezone.utc)
        text = v.strftime("%Y-%m-%dT%H:%M:%S")
        return text + ((".%06d" % v.microsecond).rstrip("0") if v.microsecond else "") + "Z"
    return v

with open(sys.argv[1]) as f:
    model = botocore.model.ServiceModel(json.load(f))
serializer = botocore.serialize.create_serializer(model.metadata["protocol"], False)
parser = botocore.parsers.create_parser(model.metadata["protocol"])
random.seed(int(sys.argv[2]))
for line in sys.stdin:
    ask = json.loads(line)
    op = model.operation_model(ask["action"])
    if "answer" in ask:
        raw = {"status_code": ask.get("status", 200), "headers": {}, "body": ask["answer"].encode()}
        parsed = parser.parse(raw, op.output_shape)
        out = {"params": plain(parsed), "id": parsed["ResponseMetadata"].get("RequestId")}
    else:
        params = value(op.input_shape)
        form = dict(serializer.serialize_to_request(params, op)["body"])
        del form["Action"], form["Version"]
        out = {"params": plain(params), "form": urlencode(form)}
    print(json.dumps(out), flush=True)
