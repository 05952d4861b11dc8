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
-- Name: tenant_serra; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA tenant_serra;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: audit; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.audit (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor_role bigint NOT NULL,
    actor_id bytea,
    session_id bytea,
    address text COLLATE pg_catalog."C",
    action text NOT NULL COLLATE pg_catalog."C",
    entity bytea,
    detail text COLLATE pg_catalog."C",
    hash bytea NOT NULL
);


--
-- Name: blobs; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.blobs (
    sha256 text NOT NULL COLLATE pg_catalog."C",
    size bigint NOT NULL,
    created_at bigint NOT NULL
);


--
-- Name: canned_replies; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.canned_replies (
    id bytea NOT NULL,
    shortcut text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    updated_at bigint NOT NULL
);


--
-- Name: conversation_members; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.conversation_members (
    conversation_id bytea NOT NULL,
    user_id bytea NOT NULL
);


--
-- Name: conversations; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.conversations (
    number bigint NOT NULL,
    id bytea NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    channel text COLLATE pg_catalog."C",
    customer_id bytea,
    title text COLLATE pg_catalog."C",
    queue text COLLATE pg_catalog."C",
    priority bigint DEFAULT 5 NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    assignee_id bytea,
    queued_at bigint,
    waiting_since bigint,
    opened_at bigint,
    snoozed_until bigint,
    closed_at bigint,
    close_reason text COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    customer_read_seq bigint DEFAULT 0 NOT NULL,
    agent_read_seq bigint DEFAULT 0 NOT NULL,
    customer_delivered_seq bigint DEFAULT 0 NOT NULL,
    agent_delivered_seq bigint DEFAULT 0 NOT NULL,
    pair bytea,
    CONSTRAINT conversations_check CHECK (((kind = 'customer'::text) = (customer_id IS NOT NULL))),
    CONSTRAINT conversations_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'channel'::text, 'direct'::text]))),
    CONSTRAINT conversations_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'open'::text, 'pending'::text, 'snoozed'::text, 'closed'::text])))
);


--
-- Name: counters; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.counters (
    name text NOT NULL COLLATE pg_catalog."C",
    value bigint NOT NULL
);


--
-- Name: customer_contacts; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.customer_contacts (
    customer_id bytea NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    match text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT customer_contacts_kind_check CHECK ((kind = ANY (ARRAY['phone'::text, 'email'::text])))
);


--
-- Name: customers; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.customers (
    id bytea NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    fold text NOT NULL COLLATE pg_catalog."C",
    document text COLLATE pg_catalog."C",
    contract text COLLATE pg_catalog."C",
    plan text COLLATE pg_catalog."C",
    address text COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    notes text COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT customers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'cancelled'::text, 'lead'::text])))
);


--
-- Name: drafts; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.drafts (
    user_id bytea NOT NULL,
    conversation_id bytea NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    updated_at bigint NOT NULL
);


--
-- Name: dummy_visits; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.dummy_visits (
    number bigint NOT NULL,
    conversation_id bytea NOT NULL,
    story bigint NOT NULL,
    line bigint NOT NULL,
    is_listening bigint NOT NULL,
    has_left bigint NOT NULL,
    CONSTRAINT dummy_visits_has_left_check CHECK ((has_left = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT dummy_visits_is_listening_check CHECK ((is_listening = ANY (ARRAY[(0)::bigint, (1)::bigint])))
);


--
-- Name: events; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.events (
    seq bigint NOT NULL,
    at bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    audience text NOT NULL COLLATE pg_catalog."C",
    entity bytea,
    data text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: file_renditions; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.file_renditions (
    file_id bytea NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    rendition_id bytea NOT NULL
);


--
-- Name: files; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.files (
    id bytea NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    size bigint NOT NULL,
    owner bytea,
    created_at bigint NOT NULL
);


--
-- Name: jobs; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.jobs (
    id bytea NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text COLLATE pg_catalog."C",
    payload text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    attempts bigint NOT NULL,
    due_at bigint NOT NULL,
    last_error text COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    lease_owner text COLLATE pg_catalog."C",
    lease_until bigint,
    lease_token bigint DEFAULT 0 NOT NULL
);


--
-- Name: message_files; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.message_files (
    file_id bytea NOT NULL,
    conversation bigint NOT NULL,
    seq bigint NOT NULL
);


--
-- Name: messages; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.messages (
    conversation bigint NOT NULL,
    seq bigint NOT NULL,
    id bytea NOT NULL,
    client_id bytea,
    sender_kind bigint NOT NULL,
    sender bytea,
    sender_name text COLLATE pg_catalog."C",
    kind bigint NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    extra text COLLATE pg_catalog."C",
    edited_at bigint,
    deleted_at bigint
);


--
-- Name: queue_members; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.queue_members (
    queue_id bytea NOT NULL,
    user_id bytea NOT NULL
);


--
-- Name: queues; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.queues (
    id bytea NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    priority bigint NOT NULL,
    "position" bigint NOT NULL,
    CONSTRAINT queues_priority_check CHECK (((priority >= 0) AND (priority <= 9)))
);


--
-- Name: read_marks; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.read_marks (
    user_id bytea NOT NULL,
    conversation_id bytea NOT NULL,
    seq bigint NOT NULL
);


--
-- Name: refresh_tokens; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.refresh_tokens (
    token_hash bytea NOT NULL,
    session_id bytea NOT NULL,
    issued_at bigint NOT NULL,
    replaced_at bigint
);


--
-- Name: scheduled_messages; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.scheduled_messages (
    id bytea NOT NULL,
    user_id bytea NOT NULL,
    conversation_id bytea NOT NULL,
    client_id bytea NOT NULL,
    kind bigint NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    send_at bigint NOT NULL
);


--
-- Name: schema_version; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.schema_version (
    version bigint NOT NULL,
    readable_by bigint NOT NULL
);


--
-- Name: sessions; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.sessions (
    id bytea NOT NULL,
    user_id bytea NOT NULL,
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    revoked_at bigint,
    address text COLLATE pg_catalog."C",
    device text COLLATE pg_catalog."C"
);


--
-- Name: settings; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.settings (
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: sign_in_failures; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.sign_in_failures (
    login_hash bytea NOT NULL,
    failures bigint NOT NULL,
    locked_until bigint NOT NULL,
    last_at bigint NOT NULL
);


--
-- Name: users; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.users (
    id bytea NOT NULL,
    login text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    role bigint NOT NULL,
    email text COLLATE pg_catalog."C",
    status_text text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    is_enabled bigint DEFAULT 1 NOT NULL,
    password_hash text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT users_is_enabled_check CHECK ((is_enabled = ANY (ARRAY[(0)::bigint, (1)::bigint]))),
    CONSTRAINT users_role_check CHECK (((role >= 2) AND (role <= 4)))
);


--
-- Name: visits; Type: TABLE; Schema: tenant_serra; Owner: -
--

CREATE TABLE tenant_serra.visits (
    client_id bytea NOT NULL,
    conversation_id bytea NOT NULL,
    customer_id bytea NOT NULL,
    opened_at bigint NOT NULL
);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.audit VALUES (1, 1795173852478098, 4, '\x00000000000070008000000000000001', NULL, '127.0.0.1', 'user.create', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '{"login":"ana","role":"agent","is_enabled":true}', '\xc5d6bb6088493be8edea6c3fc48c6cff12ce6c9afaf6dc0eb0fec85a4fe92aaf');
INSERT INTO tenant_serra.audit VALUES (2, 1795173852911850, 4, '\x00000000000070008000000000000001', NULL, '127.0.0.1', 'queue.update', '\x0197000000007000800000000000a002', NULL, '\x723a87223eeddfe1ef8101ba345815574560ec425d3db29b90f51bd5cb97fc1d');
INSERT INTO tenant_serra.audit VALUES (3, 1795173854205843, 0, NULL, NULL, '127.0.0.1', 'session.open', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '{}', '\x2420a4773cf17c0f26c32cdcb18236692cd4f55069d2cea06126110d89c89e7a');
INSERT INTO tenant_serra.audit VALUES (4, 1795173854241052, 2, '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '\x01a1f8b32c0276e9be4a4e5eec9668de', '127.0.0.1', 'conversation.accept', '\x01a1f8b3287f77e0a72572e299e844ce', '{"state":"open","queue":"technical_normal","assignee_id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","from_assignee_id":null}', '\x0be381127d200088de33ec716dba0ecea0d1597e752c2099e1308d5041a65a8d');


--
-- Data for Name: blobs; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: canned_replies; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: conversation_members; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: conversations; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.conversations VALUES (1, '\x01a1f8b3287f77e0a72572e299e844ce', 'customer', 'webchat', '\x01a1f8b3286273fbba2d0bea5bbe7d82', 'Maria Teste', 'technical_normal', 4, 'open', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', NULL, NULL, 1795173854241052, NULL, NULL, NULL, 1795173853282477, 1795173854241052, 0, 0, 0, 3, NULL);


--
-- Data for Name: counters; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: customer_contacts; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: customers; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.customers VALUES ('\x01a1f8b3286273fbba2d0bea5bbe7d82', 'Maria Teste', 'maria teste ', NULL, NULL, NULL, NULL, 'lead', NULL, 1795173853282477, 1795173853282477);


--
-- Data for Name: drafts; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: dummy_visits; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: events; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.events VALUES (1, 1795173852478098, 'user.created', '*', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '{"user":{"id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","login":"ana","name":"Ana Souza","role":"agent","email":null,"status_text":"","is_enabled":true,"queues":[]}}');
INSERT INTO tenant_serra.events VALUES (2, 1795173852911850, 'queue.updated', '*', '\x0197000000007000800000000000a002', '{"queue":{"id":"01970000-0000-7000-8000-00000000a002","key":"technical_normal","name":"Suporte técnico","priority":4,"position":2,"members":["01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e"]}}');
INSERT INTO tenant_serra.events VALUES (3, 1795173852911850, 'user.updated', '*', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '{"user":{"id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","login":"ana","name":"Ana Souza","role":"agent","email":null,"status_text":"","is_enabled":true,"queues":["technical_normal"]}}');
INSERT INTO tenant_serra.events VALUES (4, 1795173852911850, 'access.changed', 'u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', '{"user_id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","role":"agent","queues":["technical_normal"],"channels":[]}');
INSERT INTO tenant_serra.events VALUES (5, 1795173853282477, 'customer.created', '*', '\x01a1f8b3286273fbba2d0bea5bbe7d82', '{"customer":{"id":"01a1f8b3-2862-73fb-ba2d-0bea5bbe7d82","name":"Maria Teste","phones":[],"emails":[],"document":null,"contract":null,"plan":null,"address":null,"status":"lead","notes":null,"created_at":1795173853282477,"updated_at":1795173853282477}}');
INSERT INTO tenant_serra.events VALUES (6, 1795173853282477, 'conversation.created', 's q:technical_normal', '\x01a1f8b3287f77e0a72572e299e844ce', '{"conversation":{"id":"01a1f8b3-287f-77e0-a725-72e299e844ce","kind":"customer","channel":"webchat","customer_id":"01a1f8b3-2862-73fb-ba2d-0bea5bbe7d82","title":"Maria Teste","queue":"technical_normal","priority":4,"state":"waiting","assignee_id":null,"last_seq":0,"last_message":null,"waiting_since":null,"opened_at":null,"snoozed_until":null,"closed_at":null,"close_reason":null,"created_at":1795173853282477,"updated_at":1795173853282477,"members":[],"customer_read_seq":0,"agent_read_seq":0,"customer_delivered_seq":0,"agent_delivered_seq":0}}');
INSERT INTO tenant_serra.events VALUES (7, 1795173853282477, 'visit.updated', 'v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","state":"waiting","queue":"technical_normal","agent":null}');
INSERT INTO tenant_serra.events VALUES (8, 1795173853282477, 'message.created', 's q:technical_normal v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"message":{"id":"01a1f8b3-2882-705d-99cb-ea5e00000001","conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","seq":1,"client_id":null,"sender":{"kind":"system","id":null,"name":null},"kind":"system","body":"opened","attachments":[],"at":1795173853282477,"state":1},"conversation":{"state":"waiting"}}');
INSERT INTO tenant_serra.events VALUES (9, 1795173854234270, 'message.created', 's q:technical_normal v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"message":{"id":"01a1f8b3-2c1a-72c0-a715-f61f00000002","conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","seq":2,"client_id":"c25cd561-123d-4481-9405-e6f67976c27f","sender":{"kind":"customer","id":"01a1f8b3-2862-73fb-ba2d-0bea5bbe7d82","name":"Maria Teste"},"kind":"text","body":"bom dia, sem internet","attachments":[],"at":1795173854234270,"state":1},"conversation":{"state":"waiting","waiting_since":1795173854234270}}');
INSERT INTO tenant_serra.events VALUES (10, 1795173854241052, 'conversation.updated', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e', '\x01a1f8b3287f77e0a72572e299e844ce', '{"conversation":{"id":"01a1f8b3-287f-77e0-a725-72e299e844ce","kind":"customer","channel":"webchat","customer_id":"01a1f8b3-2862-73fb-ba2d-0bea5bbe7d82","title":"Maria Teste","queue":"technical_normal","priority":4,"state":"open","assignee_id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","last_seq":2,"last_message":{"seq":2,"sender_kind":"customer","sender_name":"Maria Teste","kind":"text","body":"bom dia, sem internet","at":1795173854234270},"waiting_since":1795173854234270,"opened_at":1795173854241052,"snoozed_until":null,"closed_at":null,"close_reason":null,"created_at":1795173853282477,"updated_at":1795173854241052,"members":[],"customer_read_seq":0,"agent_read_seq":0,"customer_delivered_seq":0,"agent_delivered_seq":0}}');
INSERT INTO tenant_serra.events VALUES (11, 1795173854241052, 'visit.updated', 'v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","state":"open","queue":"technical_normal","agent":{"name":"Ana Souza"}}');
INSERT INTO tenant_serra.events VALUES (12, 1795173854241052, 'customer.updated', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e', '\x01a1f8b3286273fbba2d0bea5bbe7d82', '{"customer":{"id":"01a1f8b3-2862-73fb-ba2d-0bea5bbe7d82","name":"Maria Teste","phones":[],"emails":[],"document":null,"contract":null,"plan":null,"address":null,"status":"lead","notes":null,"created_at":1795173853282477,"updated_at":1795173853282477}}');
INSERT INTO tenant_serra.events VALUES (13, 1795173854241052, 'message.created', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"message":{"id":"01a1f8b3-2c27-708f-9113-ebed00000003","conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","seq":3,"client_id":null,"sender":{"kind":"agent","id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","name":"Ana Souza"},"kind":"system","body":"accepted","attachments":[],"at":1795173854241052,"state":1},"conversation":{"state":"open","waiting_since":1795173854234270}}');
INSERT INTO tenant_serra.events VALUES (14, 1795173854241052, 'message.delivery', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","side":"agent","state":2,"seq":3}');
INSERT INTO tenant_serra.events VALUES (15, 1795173854254696, 'message.created', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"message":{"id":"01a1f8b3-2c2e-7797-a30a-705300000004","conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","seq":4,"client_id":"05d2698f-9868-4047-a80c-7193b1ca4b03","sender":{"kind":"agent","id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","name":"Ana Souza"},"kind":"text","body":"já vejo — um instante","attachments":[],"at":1795173854254696,"state":1},"conversation":{"state":"open"}}');
INSERT INTO tenant_serra.events VALUES (16, 1795173854256497, 'message.created', 's q:technical_normal u:01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e v:01a1f8b3-287f-77e0-a725-72e299e844ce', '\x01a1f8b3287f77e0a72572e299e844ce', '{"message":{"id":"01a1f8b3-2c30-700a-b780-882b00000005","conversation_id":"01a1f8b3-287f-77e0-a725-72e299e844ce","seq":5,"client_id":"591493d8-4542-47bb-9a36-ed6c337cc0b3","sender":{"kind":"agent","id":"01a1f8b3-253e-71dd-b3fa-8fe2de8eb08e","name":"Ana Souza"},"kind":"text","body":"''aspas'' e \\barra\\","attachments":[],"at":1795173854256497,"state":1},"conversation":{"state":"open"}}');


--
-- Data for Name: file_renditions; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: files; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: jobs; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: message_files; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: messages; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.messages VALUES (1, 1, '\x01a1f8b32882705d99cbea5e00000001', NULL, 2, NULL, NULL, 5, 'opened', 1795173853282477, NULL, NULL, NULL);
INSERT INTO tenant_serra.messages VALUES (1, 2, '\x01a1f8b32c1a72c0a715f61f00000002', '\xc25cd561123d44819405e6f67976c27f', 1, '\x01a1f8b3286273fbba2d0bea5bbe7d82', 'Maria Teste', 0, 'bom dia, sem internet', 1795173854234270, NULL, NULL, NULL);
INSERT INTO tenant_serra.messages VALUES (1, 3, '\x01a1f8b32c27708f9113ebed00000003', NULL, 0, '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', 'Ana Souza', 5, 'accepted', 1795173854241052, NULL, NULL, NULL);
INSERT INTO tenant_serra.messages VALUES (1, 4, '\x01a1f8b32c2e7797a30a705300000004', '\x05d2698f98684047a80c7193b1ca4b03', 0, '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', 'Ana Souza', 0, 'já vejo — um instante', 1795173854254696, NULL, NULL, NULL);
INSERT INTO tenant_serra.messages VALUES (1, 5, '\x01a1f8b32c30700ab780882b00000005', '\x591493d8454247bb9a36ed6c337cc0b3', 0, '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', 'Ana Souza', 0, '''aspas'' e \barra\', 1795173854256497, NULL, NULL, NULL);


--
-- Data for Name: queue_members; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.queue_members VALUES ('\x0197000000007000800000000000a002', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e');


--
-- Data for Name: queues; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.queues VALUES ('\x0197000000007000800000000000a001', 'technical_urgent', 'Suporte urgente', 0, 1);
INSERT INTO tenant_serra.queues VALUES ('\x0197000000007000800000000000a003', 'commercial', 'Comercial', 5, 3);
INSERT INTO tenant_serra.queues VALUES ('\x0197000000007000800000000000a004', 'financial', 'Financeiro', 3, 4);
INSERT INTO tenant_serra.queues VALUES ('\x0197000000007000800000000000a005', 'cancellation', 'Cancelamento', 2, 5);
INSERT INTO tenant_serra.queues VALUES ('\x0197000000007000800000000000a002', 'technical_normal', 'Suporte técnico', 4, 2);


--
-- Data for Name: read_marks; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: refresh_tokens; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.refresh_tokens VALUES ('\x88f47547a26e36b82b65753ac84ac94657b2e31a14ee2c662de7abb8d1640ef4', '\x01a1f8b32c0276e9be4a4e5eec9668de', 1795173854205843, NULL);


--
-- Data for Name: scheduled_messages; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: schema_version; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.schema_version VALUES (5, 5);


--
-- Data for Name: sessions; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.sessions VALUES ('\x01a1f8b32c0276e9be4a4e5eec9668de', '\x01a1f8b3253e71ddb3fa8fe2de8eb08e', 1795173854205843, 1795173854205843, 1797765854205843, NULL, '127.0.0.1', NULL);


--
-- Data for Name: settings; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.settings VALUES ('batch.vm', 'a853927fcf3dbd224b986001247241e3:7');


--
-- Data for Name: sign_in_failures; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Data for Name: users; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--

INSERT INTO tenant_serra.users VALUES ('\x01a1f8b3253e71ddb3fa8fe2de8eb08e', 'ana', 'Ana Souza', 2, NULL, '', 1, '$argon2id$v=19$m=65536,t=3,p=1$j75SeXiPBkSSMvOAVyMMGQ$DOH1bBCKFUx4Quipigr+YxTbugGfpgHWxNVlfi6+MvI', 1795173852478098, 1795173852478098);


--
-- Data for Name: visits; Type: TABLE DATA; Schema: tenant_serra; Owner: -
--



--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: blobs blobs_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.blobs
    ADD CONSTRAINT blobs_pkey PRIMARY KEY (sha256);


--
-- Name: canned_replies canned_replies_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.canned_replies
    ADD CONSTRAINT canned_replies_pkey PRIMARY KEY (id);


--
-- Name: canned_replies canned_replies_shortcut_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.canned_replies
    ADD CONSTRAINT canned_replies_shortcut_key UNIQUE (shortcut);


--
-- Name: conversation_members conversation_members_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversation_members
    ADD CONSTRAINT conversation_members_pkey PRIMARY KEY (conversation_id, user_id);


--
-- Name: conversations conversations_id_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_id_key UNIQUE (id);


--
-- Name: conversations conversations_pair_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_pair_key UNIQUE (pair);


--
-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (number);


--
-- Name: counters counters_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.counters
    ADD CONSTRAINT counters_pkey PRIMARY KEY (name);


--
-- Name: customer_contacts customer_contacts_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.customer_contacts
    ADD CONSTRAINT customer_contacts_pkey PRIMARY KEY (customer_id, kind, "position");


--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: drafts drafts_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.drafts
    ADD CONSTRAINT drafts_pkey PRIMARY KEY (user_id, conversation_id);


--
-- Name: dummy_visits dummy_visits_conversation_id_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.dummy_visits
    ADD CONSTRAINT dummy_visits_conversation_id_key UNIQUE (conversation_id);


--
-- Name: dummy_visits dummy_visits_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.dummy_visits
    ADD CONSTRAINT dummy_visits_pkey PRIMARY KEY (number);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (seq);


--
-- Name: file_renditions file_renditions_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.file_renditions
    ADD CONSTRAINT file_renditions_pkey PRIMARY KEY (file_id, type);


--
-- Name: files files_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (id);


--
-- Name: jobs jobs_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);


--
-- Name: message_files message_files_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.message_files
    ADD CONSTRAINT message_files_pkey PRIMARY KEY (file_id, conversation, seq);


--
-- Name: messages messages_client_id_sender_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.messages
    ADD CONSTRAINT messages_client_id_sender_key UNIQUE (client_id, sender);


--
-- Name: messages messages_conversation_seq_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.messages
    ADD CONSTRAINT messages_conversation_seq_key UNIQUE (conversation, seq);


--
-- Name: queue_members queue_members_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.queue_members
    ADD CONSTRAINT queue_members_pkey PRIMARY KEY (queue_id, user_id);


--
-- Name: queues queues_key_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.queues
    ADD CONSTRAINT queues_key_key UNIQUE (key);


--
-- Name: queues queues_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (id);


--
-- Name: read_marks read_marks_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.read_marks
    ADD CONSTRAINT read_marks_pkey PRIMARY KEY (user_id, conversation_id);


--
-- Name: refresh_tokens refresh_tokens_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (token_hash);


--
-- Name: scheduled_messages scheduled_messages_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.scheduled_messages
    ADD CONSTRAINT scheduled_messages_pkey PRIMARY KEY (id);


--
-- Name: scheduled_messages scheduled_messages_user_id_client_id_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.scheduled_messages
    ADD CONSTRAINT scheduled_messages_user_id_client_id_key UNIQUE (user_id, client_id);


--
-- Name: sessions sessions_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);


--
-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);


--
-- Name: sign_in_failures sign_in_failures_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (login_hash);


--
-- Name: users users_login_key; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.users
    ADD CONSTRAINT users_login_key UNIQUE (login);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);


--
-- Name: visits visits_pkey; Type: CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (client_id);


--
-- Name: conversation_members_by_user; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX conversation_members_by_user ON tenant_serra.conversation_members USING btree (user_id);


--
-- Name: conversations_active; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX conversations_active ON tenant_serra.conversations USING btree (kind, state) WHERE (state <> 'closed'::text);


--
-- Name: conversations_by_customer; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX conversations_by_customer ON tenant_serra.conversations USING btree (customer_id) WHERE (customer_id IS NOT NULL);


--
-- Name: conversations_channel_name; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE UNIQUE INDEX conversations_channel_name ON tenant_serra.conversations USING btree (title) WHERE (kind = 'channel'::text);


--
-- Name: conversations_closed; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX conversations_closed ON tenant_serra.conversations USING btree (closed_at, number) WHERE (state = 'closed'::text);


--
-- Name: conversations_one_active; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE UNIQUE INDEX conversations_one_active ON tenant_serra.conversations USING btree (customer_id, channel) WHERE ((kind = 'customer'::text) AND (state <> 'closed'::text));


--
-- Name: customer_contacts_by_match; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX customer_contacts_by_match ON tenant_serra.customer_contacts USING btree (kind, match);


--
-- Name: customers_by_document; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX customers_by_document ON tenant_serra.customers USING btree (document) WHERE (document IS NOT NULL);


--
-- Name: customers_by_fold; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX customers_by_fold ON tenant_serra.customers USING btree (fold);


--
-- Name: dummy_visits_active; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX dummy_visits_active ON tenant_serra.dummy_visits USING btree (has_left) WHERE (has_left = 0);


--
-- Name: files_by_blob; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX files_by_blob ON tenant_serra.files USING btree (sha256);


--
-- Name: jobs_by_key; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE UNIQUE INDEX jobs_by_key ON tenant_serra.jobs USING btree (kind, key) WHERE (key IS NOT NULL);


--
-- Name: jobs_by_state; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX jobs_by_state ON tenant_serra.jobs USING btree (state, due_at);


--
-- Name: queue_members_by_user; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX queue_members_by_user ON tenant_serra.queue_members USING btree (user_id);


--
-- Name: read_marks_by_conversation; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX read_marks_by_conversation ON tenant_serra.read_marks USING btree (conversation_id);


--
-- Name: refresh_tokens_by_session; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX refresh_tokens_by_session ON tenant_serra.refresh_tokens USING btree (session_id);


--
-- Name: sessions_by_user; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX sessions_by_user ON tenant_serra.sessions USING btree (user_id);


--
-- Name: sign_in_failures_by_age; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX sign_in_failures_by_age ON tenant_serra.sign_in_failures USING btree (last_at);


--
-- Name: visits_by_age; Type: INDEX; Schema: tenant_serra; Owner: -
--

CREATE INDEX visits_by_age ON tenant_serra.visits USING btree (opened_at);


--
-- Name: conversation_members conversation_members_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversation_members
    ADD CONSTRAINT conversation_members_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- Name: conversation_members conversation_members_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversation_members
    ADD CONSTRAINT conversation_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: conversations conversations_assignee_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES tenant_serra.users(id);


--
-- Name: conversations conversations_customer_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES tenant_serra.customers(id);


--
-- Name: conversations conversations_queue_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.conversations
    ADD CONSTRAINT conversations_queue_fkey FOREIGN KEY (queue) REFERENCES tenant_serra.queues(key);


--
-- Name: customer_contacts customer_contacts_customer_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.customer_contacts
    ADD CONSTRAINT customer_contacts_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES tenant_serra.customers(id) ON DELETE CASCADE;


--
-- Name: drafts drafts_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.drafts
    ADD CONSTRAINT drafts_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- Name: drafts drafts_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.drafts
    ADD CONSTRAINT drafts_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: dummy_visits dummy_visits_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.dummy_visits
    ADD CONSTRAINT dummy_visits_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- Name: files files_sha256_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.files
    ADD CONSTRAINT files_sha256_fkey FOREIGN KEY (sha256) REFERENCES tenant_serra.blobs(sha256);


--
-- Name: queue_members queue_members_queue_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.queue_members
    ADD CONSTRAINT queue_members_queue_id_fkey FOREIGN KEY (queue_id) REFERENCES tenant_serra.queues(id) ON DELETE CASCADE;


--
-- Name: queue_members queue_members_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.queue_members
    ADD CONSTRAINT queue_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: read_marks read_marks_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.read_marks
    ADD CONSTRAINT read_marks_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- Name: read_marks read_marks_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.read_marks
    ADD CONSTRAINT read_marks_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: refresh_tokens refresh_tokens_session_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES tenant_serra.sessions(id) ON DELETE CASCADE;


--
-- Name: scheduled_messages scheduled_messages_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.scheduled_messages
    ADD CONSTRAINT scheduled_messages_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- Name: scheduled_messages scheduled_messages_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.scheduled_messages
    ADD CONSTRAINT scheduled_messages_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: sessions sessions_user_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.sessions
    ADD CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES tenant_serra.users(id) ON DELETE CASCADE;


--
-- Name: visits visits_conversation_id_fkey; Type: FK CONSTRAINT; Schema: tenant_serra; Owner: -
--

ALTER TABLE ONLY tenant_serra.visits
    ADD CONSTRAINT visits_conversation_id_fkey FOREIGN KEY (conversation_id) REFERENCES tenant_serra.conversations(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


