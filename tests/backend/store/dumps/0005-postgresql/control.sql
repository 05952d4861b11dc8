--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: control; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA control;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: leases; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.leases (
    name text NOT NULL COLLATE pg_catalog."C",
    owner text NOT NULL COLLATE pg_catalog."C",
    expires_at bigint NOT NULL,
    token bigint NOT NULL
)
WITH (fillfactor='50');


--
-- Name: nodes; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.nodes (
    name text NOT NULL COLLATE pg_catalog."C",
    boot text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    address text NOT NULL COLLATE pg_catalog."C",
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL
)
WITH (fillfactor='50');


--
-- Name: presence; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.presence (
    tenant text NOT NULL COLLATE pg_catalog."C",
    user_id bytea NOT NULL,
    node text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    changed_at bigint NOT NULL
);


--
-- Name: schema_version; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.schema_version (
    version bigint NOT NULL,
    readable_by bigint NOT NULL
);


--
-- Name: settings; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.settings (
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: tenants; Type: TABLE; Schema: control; Owner: -
--

CREATE TABLE control.tenants (
    id bytea NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL
);


--
-- Data for Name: leases; Type: TABLE DATA; Schema: control; Owner: -
--



--
-- Data for Name: nodes; Type: TABLE DATA; Schema: control; Owner: -
--



--
-- Data for Name: presence; Type: TABLE DATA; Schema: control; Owner: -
--



--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: control; Owner: -
--

INSERT INTO control.schema_version VALUES (2, 2);


--
-- Data for Name: settings; Type: TABLE DATA; Schema: control; Owner: -
--

INSERT INTO control.settings VALUES ('fingerprint.audit.key', '938709b58128517621add9a0cf184bb4');
INSERT INTO control.settings VALUES ('fingerprint.token.key', 'f38291bca6588a17b41041fff39fb982');


--
-- Data for Name: tenants; Type: TABLE DATA; Schema: control; Owner: -
--

INSERT INTO control.tenants VALUES ('\x01a1f8b32177751a8afacceae6580c57', 'serra', 'Conecta Serra', 1795173851511398);


--
-- Name: leases leases_pkey; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.leases
    ADD CONSTRAINT leases_pkey PRIMARY KEY (name);


--
-- Name: nodes nodes_pkey; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (name);


--
-- Name: presence presence_pkey; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (tenant, user_id, node);


--
-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);


--
-- Name: tenants tenants_key_key; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.tenants
    ADD CONSTRAINT tenants_key_key UNIQUE (key);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: presence_by_node; Type: INDEX; Schema: control; Owner: -
--

CREATE INDEX presence_by_node ON control.presence USING btree (node);


--
-- Name: presence presence_node_fkey; Type: FK CONSTRAINT; Schema: control; Owner: -
--

ALTER TABLE ONLY control.presence
    ADD CONSTRAINT presence_node_fkey FOREIGN KEY (node) REFERENCES control.nodes(name) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


