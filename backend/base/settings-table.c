/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/settings-table.h"

#define STRING GUICHE_SETTING_STRING
#define INT GUICHE_SETTING_INT
#define BOOL GUICHE_SETTING_BOOL

/* clang-format off: one row a key reads best as a table */
const GuicheSettingRow guiche_setting_rows[] = {
  { "http", "listen", STRING, "127.0.0.1", 0, 0,
    "Address to listen on; anything but loopback needs behind_proxy." },
  { "http", "port", INT, "8480", 0, 65535, "Port; 0 takes a free one." },
  { "http", "behind_proxy", BOOL, "false", 0, 0,
    "A reverse proxy (nginx, HAProxy) stands in front: allows a public address and believes "
    "X-Forwarded-For." },
  { "http", "public_url", STRING, "", 0, 0,
    "How customers reach the server, such as https://atendimento.example; empty: the address "
    "listened on." },
  { "http", "tls_certificate", STRING, "", 0, 0,
    "PEM file with the certificate chain; empty: plain HTTP." },
  { "http", "tls_key", STRING, "", 0, 0, "PEM file with the certificate's key." },
  { "http", "proxy_addresses", STRING, "", 0, 0,
    "Addresses of the proxy, separated by spaces; empty: loopback. Only they are believed." },
  { "http", "metrics_addresses", STRING, "", 0, 0,
    "Addresses besides loopback that may read /metrics, separated by spaces." },
  { "http", "max_connections", INT, "20000", 16, 1000000,
    "Connections at one time, streams included." },
  { "http", "max_connections_per_address", INT, "1024", 1, 1000000,
    "The same from one address; does not count for the proxy." },
  { "http", "head_timeout_s", INT, "10", 1, 600,
    "How long the head of a request may take to arrive." },
  { "http", "body_timeout_s", INT, "20", 1, 600, "How long a body may pause." },
  { "http", "idle_timeout_s", INT, "75", 1, 3600,
    "How long a connection may wait for its next request." },
  { "http", "write_timeout_s", INT, "30", 1, 600,
    "How long a client may take nothing of its reply." },
  { "http", "worker_threads", INT, "3", 1, 32, "Threads for what blocks: passwords, files." },
  { "http", "worker_queue", INT, "256", 1, 100000,
    "Requests that may wait for them; more are answered 503." },
  { "http", "allowed_origins", STRING, "", 0, 0,
    "Origins of web pages that may call the chat's API, separated by spaces; * allows all." },

  { "limits", "enabled", BOOL, "true", 0, 0,
    "Rate limits; false is accepted on loopback only, for measurements." },

  { "stream", "max_streams", INT, "20000", 1, 1000000, "Live streams open at once." },
  { "stream", "max_per_user", INT, "16", 1, 100000,
    "Live streams of one user, or of one visit, open at once; the oldest is closed for a new "
    "one." },

  { "store", "url", STRING, "", 0, 0,
    "postgresql://user@host:port/database for several nodes (password: a PGPASSFILE or the "
    "credential store.password); empty: SQLite in the data directory." },
  { "store", "connections", INT, "16", 2, 1000,
    "PostgreSQL: connections of this node, all companies together." },
  { "store", "read_threads", INT, "2", 1, 32, "Threads that read, for each open company." },
  { "store", "event_retention_days", INT, "30", 1, 3650,
    "How long a client may stay away and still catch up without a snapshot." },
  { "store", "migration_backups", INT, "3", 1, 100, "Backups kept from before migrations." },
  { "store", "migration_backups_elsewhere", BOOL, "false", 0, 0,
    "No backup before a migration: one is taken by other means (PostgreSQL without pg_dump)." },

  { "files", "directory", STRING, "", 0, 0,
    "Where uploads are kept; several nodes must share it. Empty: beside each company's data." },
  { "files", "max_bytes", INT, "26214400", 1024, 4294967296, "Largest file that can be sent." },
  { "files", "quota_bytes", INT, "10737418240", 0, 1125899906842624,
    "All files of one company together; 0: no quota." },

  { "demo", "visit_interval_s", INT, "90", 0, 86400,
    "About how often a simulated customer comes to the sample company; 0: never." },

  { "bus", "url", STRING, "", 0, 0,
    "redis://user:password@host:port/0 or unix:///path between several nodes; empty: none, they "
    "ask the database." },

  { "node", "name", STRING, "", 0, 0,
    "Of this server among several; empty: the host's name. Two of one name do not start." },
  { "node", "keys", STRING, "", 0, 0,
    "Directory of audit.key and token.key, the same on every node; empty: the data directory." },
  { "node", "drain_s", INT, "3", 0, 600,
    "After SIGTERM: how long to answer \"not ready\" before streams are sent elsewhere." },

  { "jobs", "threads", INT, "2", 1, 64, "Threads that talk to the outside world." },
  { "jobs", "lease_s", INT, "15", 1, 3600,
    "How long after a node has died, or was cut off, another takes over what it was doing." },
};
/* clang-format on */

const gsize guiche_n_setting_rows = G_N_ELEMENTS (guiche_setting_rows);
