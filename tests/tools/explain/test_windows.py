"""Commands that were copied in the shells of Windows are the requests that those send."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecf_sandbox.tools.explain.captured import CannotRead, Given
from ecf_sandbox.tools.explain.curl import read_curl
from ecf_sandbox.tools.explain.input import read_request

AT = "http://127.0.0.1:8000/api/v3/statements"
READ = Given(method="GET", path="/api/v3/statements", headers={"Authorization": "Bearer t"})
WRITE = Given(
    method="POST",
    path="/api/v3/statements",
    headers={"Authorization": "Bearer t", "Content-Type": "application/json"},
    body=b'{"data": {"a": 1}}',
)
HEADERS = '@{ "Authorization" = "Bearer t"; }'

READS = {
    "cmd, line by line": f'curl ^\r\n  -H "Authorization: Bearer t" ^\r\n  {AT}',
    "cmd, blanks after carets": f'curl ^ \n -H "Authorization: Bearer t" ^\t\n {AT}',
    "cmd, apostrophes": f"curl -X GET ^\n -H 'Authorization: Bearer t' ^\n {AT}",
    "cmd, copied by a browser": f'curl ^"{AT}^" ^\n  -H ^"Authorization: Bearer t^"',
    "cmd, with its prompt": f'C:\\Users\\me>curl -H "Authorization: Bearer t" {AT}',
    "PowerShell, curl.exe": f'curl.exe -H "Authorization: Bearer t" {AT}',
    "PowerShell, line by line": f'curl.exe `\n  -H "Authorization: Bearer t" `\r\n  {AT}',
    "PowerShell, with its prompt": f'PS C:\\Users\\me> curl.exe -H "Authorization: Bearer t" {AT}',
    "Invoke-WebRequest": f"Invoke-WebRequest -Uri {AT} -Headers {HEADERS}",
    "small letters": f"invoke-webrequest -uri {AT} -headers {HEADERS}",
    "Invoke-RestMethod": f"Invoke-RestMethod '{AT}' -Method Get -Headers {HEADERS}",
    "aliases, names cut short": f"irm {AT} -H {HEADERS}",
    "iwr": f"iwr -UseBasicParsing -Uri:{AT} -Headers {HEADERS}",
    "curl as an alias": f"curl -Uri {AT} -Headers {HEADERS}",
    "variables": f'$token = "t"\n$at = "{AT}"\nInvoke-RestMethod $at -Headers @{{Authorization = "Bearer $token"}}',
    "an answer that is kept": f"$answer = Invoke-RestMethod {AT} -Headers {HEADERS}\n$answer.data",
    "an answer that is taken apart": f"(Invoke-RestMethod {AT} -Headers {HEADERS}).data | Format-Table",
    "a dictionary": f'$h = New-Object "System.Collections.Generic.Dictionary[[String],[String]]"\n'
    f"$h.Add(\"Authorization\", \"Bearer t\")\n$r = Invoke-RestMethod '{AT}' -Method 'GET' -Headers $h",
    "a table that is filled": f"$h = @{{}}\n$h['Authorization'] = 'Bearer t'\nInvoke-RestMethod {AT} -Headers $h",
    "splatted": f"$p = @{{ Uri = '{AT}'; Headers = {HEADERS} }}; Invoke-RestMethod @p",
    "a session": f"$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n"
    f"Invoke-WebRequest -UseBasicParsing -Uri {AT} `\n-WebSession $session `\n"
    '-Headers @{\n"Authorization"="Bearer t"\n}',
    "remarks": f"# the statements\nInvoke-RestMethod {AT} <# all #> -Headers {HEADERS} # of ours",
}
WRITES = {
    "cmd": f'curl -X POST {AT} ^\n -H "Authorization: Bearer t" ^\n -H "Content-Type: application/json" ^\n'
    ' -d "{\\"data\\": {\\"a\\": 1}}"',
    "cmd, doubled quotes": f'curl {AT} ^\n -H "Authorization: Bearer t" ^\n -H "Content-Type: application/json" ^\n'
    ' -d "{""data"": {""a"": 1}}"',
    "cmd, copied by a browser": f'curl ^"{AT}^" ^\n -H ^"Authorization: Bearer t^" ^\n'
    ' -H ^"Content-Type: application/json^" ^\n --data-raw ^"^{^\\^"data^\\^": ^{^\\^"a^\\^": 1^}^}^"',
    "PowerShell": f'curl.exe {AT} `\n -H "Authorization: Bearer t" `\n -H "Content-Type: application/json" `\n'
    ' -d "{`"data`": {`"a`": 1}}"',
    "PowerShell, what programs need": f"curl.exe {AT} -H 'Authorization: Bearer t' -H 'Content-Type: application/json'"
    ' -d \'{\\"data\\": {\\"a\\": 1}}\'',
    "Invoke-WebRequest": f"Invoke-WebRequest -Uri {AT} -Method POST -Headers {HEADERS}"
    ' -ContentType "application/json" -Body "{`"data`": {`"a`": 1}}"',
    "a block": f'$body = @\'\n{{"data": {{"a": 1}}}}\n\'@\nInvoke-RestMethod {AT} -Method Post -Headers {HEADERS}'
    " -Body $body -ContentType application/json",
    "a table": f"$body = @{{ data = @{{ a = 1 }} }} | ConvertTo-Json -Depth 5\n"
    f"Invoke-RestMethod {AT} -Method Post -Headers {HEADERS} -Body $body -ContentType application/json",
    "a table in place": f"Invoke-RestMethod {AT} -Method Post -Headers {HEADERS} -ContentType application/json"
    " -Body (@{ data = @{ a = 1 } } | ConvertTo-Json)",
}


def no_file(name: str) -> bytes:
    raise AssertionError(name)


@pytest.mark.parametrize("text", READS.values(), ids=READS.keys())
def test_a_read(text):
    assert read_curl(text, no_file) == READ
    assert read_request(text.encode(), no_file) == READ
    assert read_request(text.encode("utf-16"), no_file) == READ


@pytest.mark.parametrize("text", WRITES.values(), ids=WRITES.keys())
def test_a_write(text):
    assert read_curl(text, no_file) == WRITE
    assert read_request(text.encode(), no_file) == WRITE


def test_a_query_without_quotes():
    found = read_curl(f"Invoke-RestMethod {AT}?a=1`&b=$null", no_file)

    assert found.path.startswith("/api/v3/statements?a=1&b=")


def test_values_of_a_table_keep_their_kinds():
    table = "@{ a = $true; b = $null; c = @('x', 'y'); d = 2; e = 'it''s' }"
    text = f"Invoke-RestMethod {AT} -Method Post -Body ({table} | ConvertTo-Json)"

    assert json.loads(read_curl(text, no_file).body) == {"a": True, "b": None, "c": ["x", "y"], "d": 2, "e": "it's"}


def test_a_table_as_the_body_of_a_post_is_a_form():
    found = read_curl(f"Invoke-RestMethod {AT} -Method Post -Body @{{ a = 1 }}", no_file)

    assert (found.body, found.headers["Content-Type"]) == (b"a=1", "application/x-www-form-urlencoded")


def test_a_table_as_the_body_of_a_get_is_a_query():
    assert read_curl(f"Invoke-RestMethod {AT} -Body @{{ a = 1 }}", no_file).path == "/api/v3/statements?a=1"


def test_a_file_is_read():
    assert (
        read_curl(f"Invoke-RestMethod {AT} -Method Put -InFile body.json", lambda name: name.encode()).body
        == b"body.json"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f'Invoke-RestMethod {AT} -Headers @{{Authorization="Bearer $env:TOKEN"}}', "env:TOKEN"),
        ("Invoke-RestMethod -Method Get", "give -Uri"),
        (f"Invoke-RestMethod {AT} -Headers $none", "-Headers"),
        ("$x = 1", "sends no request"),
        (f"Invoke-RestMethod {AT} -Headers @{{'Bad Name' = '1'}}", "not the name of a header"),
        (f'curl ^\n -H "Authorization: Bearer t {AT}', "a quote is not closed"),
        ("$x = " + "(" * 5000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said(text, why):
    with pytest.raises(CannotRead, match=why.replace("(", "\\(")):
        read_curl(text, no_file)


PIECES = st.sampled_from(
    [
        *"@{}()[]=,;|'\"`$^\n \\",
        "curl ",
        "Invoke-RestMethod ",
        "$a",
        "-Uri ",
        "-Headers ",
        "-Body ",
        "@{",
        "@'\n",
        "http://x/y",
    ]
)


@given(
    st.lists(PIECES, max_size=25).map("".join),
    st.sampled_from(["", "Invoke-RestMethod ", "curl.exe `\n", "curl ^\n", "$a = "]),
)
def test_whatever_stands_there_it_is_read_or_refused(text, start):
    with suppress(CannotRead):
        read_curl(start + text, lambda _: b"")
