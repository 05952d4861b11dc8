-- SPDX-License-Identifier: GPL-3.0-or-later
-- Once, on the primary, as postgres, with both passwords in the environment: psql -f create.sql
-- guiched makes its schemas itself; it may do so in its own database and nothing anywhere else.
\getenv password GUICHE_PASSWORD
\getenv replication REPLICATION_PASSWORD
CREATE ROLE guiche LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
-- Patroni has made this one already.
SELECT format('CREATE ROLE replicator LOGIN REPLICATION PASSWORD %L', :'replication')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
CREATE DATABASE guiche OWNER guiche TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE guiche FROM PUBLIC;
\connect guiche
REVOKE ALL ON SCHEMA public FROM PUBLIC;
