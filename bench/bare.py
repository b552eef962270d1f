"""What Postern is measured against: a Flask view that parses a small JSON body and answers a small one."""

from flask import Flask, Response, jsonify, request

from bench.calls import BARE

app = Flask(__name__)


@app.post(BARE)
def bare() -> Response:
    """Nothing but what Flask costs."""
    asked = request.get_json()
    return jsonify(valid=True, client_ip=asked["client_ip"], scopes=asked["scopes"])
