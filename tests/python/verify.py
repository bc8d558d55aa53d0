"""What Python's authlib makes of access tokens, as an API would: verify.py ISSUER RESOURCE TOKEN...

It finds the keys from the issuer's metadata (RFC 8414) and checks what RFC 9068 section 4 says. One line of JSON a token: its claims, or the error.
"""
import json
import sys
from urllib.request import urlopen

from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import InvalidClaimError, JoseError

issuer, resource, *tokens = sys.argv[1:]


def fetch(address):
    with urlopen(address, timeout=30) as answer:
        return json.load(answer)


metadata = fetch(issuer + "/.well-known/oauth-authorization-server")
assert metadata["issuer"] == issuer
keys = JsonWebKey.import_key_set(fetch(metadata["jwks_uri"]))
jwt = JsonWebToken(["ES256"])
options = {name: {"essential": True} for name in ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")}
options["iss"]["value"] = issuer
options["aud"]["value"] = resource

for token in tokens:
    try:
        claims = jwt.decode(token, keys, claims_options=options)
        if claims.header.get("typ") not in ("at+jwt", "application/at+jwt"):
            raise InvalidClaimError("typ")
        claims.validate()
        print(json.dumps({"claims": claims}))
    except (JoseError, ValueError) as error:
        print(json.dumps({"error": str(error)}))
