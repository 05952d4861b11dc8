-- SPDX-License-Identifier: GPL-3.0-or-later
-- Once, on the primary, as postgres: psql -v password="$(cat store.password)" -v replication="$(cat replication.password)" -f create.sql
-- guiched makes its schemas itself; it may do so in its own database and nothing anywhere else.
CREATE ROLE guiche LOGIN PASSWORD :'password' NOSUPERUSER NOCREATEDB NOCREATEROLE;
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replication';
CREATE DATABASE guiche OWNER guiche TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE guiche FROM PUBLIC;
\connect guiche
REVOKE ALL ON SCHEMA public FROM PUBLIC;
