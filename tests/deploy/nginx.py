# SPDX-License-Identifier: GPL-3.0-or-later
"""A shipped nginx.conf, which is a part of a whole, made whole for loopback and an ordinary user."""
import os
import re
import shutil

PROGRAM = shutil.which("nginx") or "/usr/sbin/nginx"
WHOLE = """daemon off; pid {place}/nginx.pid; error_log stderr; events {{}}
http {{ access_log off; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/f;
uwsgi_temp_path {place}/u; scgi_temp_path {place}/s; include {site}; }}"""


def configure(place, text, certificate, key, port=8443, plain_port=8080, nodes=()):
    """The path of a configuration for nginx; @nodes: ports instead of the machines of the example."""
    text = re.sub(r"/etc/ssl/\S+/fullchain\.pem", certificate, text)
    text = re.sub(r"/etc/ssl/\S+/key\.pem", key, text)
    text = re.sub(r"  listen \[::\]:\S+.*;\n", "", text)
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace("listen 80;", f"listen 127.0.0.1:{plain_port};")
    for number, node in enumerate(nodes):
        text = text.replace(f"10.0.0.{21 + number}:8480", f"127.0.0.1:{node}")
    if nodes:
        text = re.sub(r"  server 10\.0\.0\.\d+:8480 .*\n", "", text)
    site = place.file("site.conf", text)
    return place.file("nginx.conf", WHOLE.format(place=place.path, site=site))


def command(place, config, *options):
    return [PROGRAM, "-c", config, "-e", "stderr", "-p", os.path.join(place.path, ""), *options]
