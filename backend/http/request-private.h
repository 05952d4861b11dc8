/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/route.h"

G_BEGIN_DECLS

#define GUICHE_REQUEST_MAX_SEGMENTS 12
#define GUICHE_REQUEST_MAX_PARAMETERS 16

typedef struct {
  const char *name;  /* path: borrowed from the router; query: in @text */
  const char *value; /* in @text */
} GuicheParameter;

/**
 * GuicheRequest:
 *
 * What a handler sees of a request; owned by its exchange (or by the hub for an operation
 * of a stream, which fills the fields itself) and unchanged while the handler runs.
 */
struct _GuicheRequest {
  GuicheStore *store;
  GuicheTenant *tenant; /* (nullable): role NONE */
  GuicheActor actor;
  gpointer context;
  GByteArray *text; /* (owned): the decoded target and the headers kept */
  const char *segments[GUICHE_REQUEST_MAX_SEGMENTS];
  guint n_segments;
  GuicheParameter path[GUICHE_REQUEST_MAX_SEGMENTS];
  guint n_path;
  GuicheParameter query[GUICHE_REQUEST_MAX_PARAMETERS];
  guint n_query;
  const char *content_type, *user_agent, *accept_language,
      *if_none_match;   /* (nullable): in @text */
  JsonNode *body;       /* (owned) (nullable) */
  GuicheUpload *upload; /* (owned) (nullable) */
};

void guiche_request_init (GuicheRequest *self);
/* Ready for the next one; keeps buffers. */
void guiche_request_reset (GuicheRequest *self);
void guiche_request_clear (GuicheRequest *self);

/* Splits and percent-decodes @target (origin-form). NOT_FOUND for what cannot be a path here
 * (`..`, an encoded slash or NUL), INVALID_REQUEST for malformed escapes and UTF-8. Copies the
 * headers given (nullable). A pure function of its input: fuzzed. */
typedef struct {
  const char *text; /* (nullable) */
  gsize length;
} GuicheText;

typedef struct {
  GuicheText target;
  GuicheText content_type, user_agent, accept_language, if_none_match;
} GuicheRequestTexts;

gboolean guiche_request_decode (GuicheRequest *self,
                                const GuicheRequestTexts *texts,
                                GError **error);

typedef struct {
  char *name;
  char *value;
} GuicheReplyHeader;

/**
 * GuicheReply:
 *
 * What a handler answers; reset before each run of the handler.
 */
struct _GuicheReply {
  guint status;
  GuicheJsonWriter *json; /* (owned): kept between replies */
  gboolean has_json;
  char *file_path; /* (owned) (nullable) */
  char *type;      /* (owned) (nullable) */
  char *file_name; /* (owned) (nullable) */
  GBytes *bytes;   /* (owned) (nullable) */
  GArray *headers; /* (owned) (nullable) (element-type GuicheReplyHeader) */
};

void guiche_reply_init (GuicheReply *self);
void guiche_reply_reset (GuicheReply *self);
void guiche_reply_clear (GuicheReply *self);

G_END_DECLS
