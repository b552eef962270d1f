"""Measures Postern: its verifications against a bare Flask view, its pages against a large installation (SPEC 17).

python -m bench          every row of the table, into bench/results.json; BENCH_SECONDS makes it short
python -m bench pages    the slowest pages with 200 applications, 10,000 tokens and 1,000,000 events
python -m bench chart    draw docs/pictures/bench.svg from bench/results.json
"""
