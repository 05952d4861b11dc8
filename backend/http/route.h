/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"
#include "store/files.h"
#include "store/store.h"

G_BEGIN_DECLS

/* What a field holds; schemas are static tables, checked before the handler runs, and the
 * OpenAPI document comes from them. */
typedef enum {
  GUICHE_TYPE_STRING,  /* @minimum and @maximum count characters */
  GUICHE_TYPE_TEXT,    /* as string; for bodies of several lines */
  GUICHE_TYPE_ID,      /* UUID */
  GUICHE_TYPE_INTEGER, /* @minimum and @maximum bound the value when they differ */
  GUICHE_TYPE_TIME,    /* integer microseconds since 1970 UTC */
  GUICHE_TYPE_BOOLEAN,
  GUICHE_TYPE_OBJECT, /* @schema */
  GUICHE_TYPE_ARRAY,  /* of @schema objects, or of @item when @schema is NULL; @maximum items */
  GUICHE_TYPE_ANY     /* (replies only) */
} GuicheFieldType;

typedef struct _GuicheSchema GuicheSchema;

typedef struct {
  const char *name; /* NULL ends the table */
  GuicheFieldType type;
  gboolean is_required;
  gint64 minimum, maximum;
  const char *description;
  const GuicheSchema *schema;
  GuicheFieldType item;
  const char *const *choices; /* (nullable): NULL-terminated, for strings */
  gboolean is_nullable;
} GuicheField;

struct _GuicheSchema {
  const char *name; /* component name in OpenAPI: `Message` */
  const GuicheField *fields;
  gboolean is_open; /* additional properties are accepted (replies) */
};

typedef enum {
  GUICHE_RATE_READ,  /* cheap reads */
  GUICHE_RATE_WRITE, /* messages and changes */
  GUICHE_RATE_HEAVY, /* search, snapshot, export */
  GUICHE_RATE_SIGN_IN,
  GUICHE_RATE_VISITOR, /* opening a visit */
  GUICHE_RATE_UPLOAD,
  GUICHE_RATE_NONE /* health, documents */
} GuicheRateClass;

typedef enum {
  GUICHE_ROUTE_WRITE,  /* on the tenant's write queue */
  GUICHE_ROUTE_READ,   /* on the read pool */
  GUICHE_ROUTE_WORKER, /* on the bounded worker pool: may block (Argon2, files) and use
                          guiche_tenant_*_sync(); @tx is NULL */
  GUICHE_ROUTE_RING    /* on the main loop, must not block; @tx is NULL: health, static documents */
} GuicheRouteMode;

typedef struct _GuicheRequest GuicheRequest;
typedef struct _GuicheReply GuicheReply;

typedef gboolean (*GuicheRouteHandler) (GuicheTx *tx,
                                        const GuicheRequest *request,
                                        GuicheReply *reply,
                                        GError **error);

/**
 * GuicheRoute:
 *
 * One row: no row, no access. @path has `{name}` segments. @role is the lowest that may
 * call; GUICHE_ROLE_NONE: anybody. GUICHE_ROLE_VISITOR: visitors *only* (an agent's token is
 * refused there: another audience).
 */
typedef struct {
  const char *method;
  const char *path;
  GuicheRole role;
  GuicheRateClass rate;
  GuicheRouteMode mode;
  const GuicheField *query;    /* (nullable): query parameters; strings and integers */
  const GuicheSchema *request; /* (nullable): JSON body */
  const GuicheSchema *reply;   /* (nullable): JSON reply */
  GuicheRouteHandler handler;
  const char *summary; /* for the OpenAPI document */
  gint64 max_body; /* raw uploads: the body is spooled to a file, see guiche_request_upload(); 0:
                      JSON */
} GuicheRoute;

/* --- for handlers ------------------------------------------------------------------ */
GuicheTenant *guiche_request_tenant (const GuicheRequest *self);
const GuicheActor *guiche_request_actor (const GuicheRequest *self);
gpointer guiche_request_context (
    const GuicheRequest *self); /* given with guiche_server_add_routes() */
const char *guiche_request_path_param (const GuicheRequest *self, const char *name);
/* GUICHE_ERROR_NOT_FOUND when it is not an id: a malformed id is one that does not exist. */
gboolean guiche_request_path_id (const GuicheRequest *self,
                                 const char *name,
                                 GuicheId *out_id,
                                 GError **error);
const char *guiche_request_query (const GuicheRequest *self,
                                  const char *name); /* (nullable): an empty one is none */
gint64 guiche_request_query_int (const GuicheRequest *self, const char *name, gint64 fallback);
JsonObject *guiche_request_body (
    const GuicheRequest *self); /* checked against the schema; NULL without one */
GuicheUpload *guiche_request_upload (
    const GuicheRequest *self); /* raw bodies, fully received; caller finishes it */
const char *guiche_request_header (
    const GuicheRequest *self,
    const char *name); /* (nullable): Content-Type, User-Agent, Accept-Language */
/* The pieces for handlers that choose the tenant themselves (sign-in, visitors): role NONE routes.
 */
GuicheStore *guiche_request_store (const GuicheRequest *self);

void guiche_reply_set_status (GuicheReply *self, guint status); /* default 200 */
/* One JSON value. */
GuicheJsonWriter *guiche_reply_json (GuicheReply *self); /* (transfer none): write the reply here */
void guiche_reply_set_file (GuicheReply *self,
                            const char *path,
                            const char *type,
                            const char *name); /* one Range is answered by the ring */
void guiche_reply_set_bytes (GuicheReply *self, GBytes *bytes, const char *type);
void guiche_reply_set_header (GuicheReply *self, const char *name, const char *value);

G_END_DECLS
