/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json-writer.h"
#include "base/json.h"

G_BEGIN_DECLS

/* Who wrote a message; the wire's `sender.kind`. */
typedef enum {
  GUICHE_SENDER_AGENT,
  GUICHE_SENDER_CUSTOMER,
  GUICHE_SENDER_SYSTEM
} GuicheSenderKind;

const char *guiche_sender_kind_name (GuicheSenderKind kind);
gboolean guiche_sender_kind_parse (const char *name, GuicheSenderKind *out_kind);

/* What a message is; a `note` never reaches a visitor. */
typedef enum {
  GUICHE_MESSAGE_TEXT,
  GUICHE_MESSAGE_FILE,
  GUICHE_MESSAGE_IMAGE,
  GUICHE_MESSAGE_VOICE,
  GUICHE_MESSAGE_NOTE,
  GUICHE_MESSAGE_SYSTEM
} GuicheMessageKind;

const char *guiche_message_kind_name (GuicheMessageKind kind);
gboolean guiche_message_kind_parse (const char *name, GuicheMessageKind *out_kind);

/* How far a message came on the other side; never goes down. */
typedef enum {
  GUICHE_DELIVERY_NONE, /* (desktop) still in the outbox */
  GUICHE_DELIVERY_SENT,
  GUICHE_DELIVERY_DELIVERED,
  GUICHE_DELIVERY_READ
} GuicheDelivery;

/**
 * GuicheAttachmentRecord:
 *
 * A file of a message. @duration_ms and @waveform (hex digit pairs, nullable) are for voice.
 */
typedef struct {
  GuicheId file_id;
  char *name;
  char *type;
  gint64 size;
  gint64 duration_ms;
  char *waveform;
} GuicheAttachmentRecord;

void guiche_attachment_record_clear (GuicheAttachmentRecord *self);
void guiche_attachment_record_free (GuicheAttachmentRecord *self);
void guiche_attachment_record_to_json (const GuicheAttachmentRecord *self,
                                       GuicheJsonWriter *writer);
gboolean guiche_attachment_record_from_json (JsonObject *object,
                                             GuicheAttachmentRecord *out,
                                             GError **error);

/**
 * GuicheQuoteRecord:
 *
 * The message that another answers, as it was; the none @id means no quote.
 */
typedef struct {
  GuicheId id;
  gint64 seq;
  char *sender_name; /* (nullable) */
  GuicheMessageKind kind;
  char *body; /* at most 200 characters */
} GuicheQuoteRecord;

/**
 * GuicheMessageRecord:
 *
 * One message of a conversation. Times are microseconds UTC, 0 for none. Owns its strings and
 * arrays unless the one who filled it says otherwise.
 */
typedef struct {
  GuicheId id;
  GuicheId conversation_id;
  gint64 seq; /* 1..n without holes */
  GuicheId client_id;
  GuicheSenderKind sender_kind;
  GuicheId sender_id; /* none for the system itself */
  char *sender_name;  /* (nullable) */
  GuicheMessageKind kind;
  char *body;
  GuicheAttachmentRecord *attachments; /* (array length=n_attachments) */
  gsize n_attachments;
  GuicheQuoteRecord quote;
  gint64 at;
  GuicheDelivery state;
  gint64 edited_at;
  gint64 deleted_at;
  GuicheId *mentions; /* (array length=n_mentions) */
  gsize n_mentions;
} GuicheMessageRecord;

void guiche_message_record_clear (GuicheMessageRecord *self);
void guiche_message_record_free (GuicheMessageRecord *self);
void guiche_message_record_to_json (const GuicheMessageRecord *self, GuicheJsonWriter *writer);
/* On failure @out is empty. */
gboolean guiche_message_record_from_json (JsonObject *object,
                                          GuicheMessageRecord *out,
                                          GError **error);

/* The rarer members (attachments, quote, mentions) as one object, those there are: how the server
 * keeps them. */
gboolean guiche_message_record_has_extra (const GuicheMessageRecord *self);
void guiche_message_record_extra_to_json (const GuicheMessageRecord *self,
                                          GuicheJsonWriter *writer);
gboolean guiche_message_record_extra_from_json (JsonObject *object,
                                                GuicheMessageRecord *self,
                                                GError **error);

/**
 * GuichePreviewRecord:
 *
 * What a list shows of a conversation's last message; @seq 0 means none.
 */
typedef struct {
  gint64 seq;
  GuicheSenderKind sender_kind;
  char *sender_name; /* (nullable) */
  GuicheMessageKind kind;
  char *body; /* at most GUICHE_PREVIEW_CHARACTERS */
  gint64 at;
} GuichePreviewRecord;

#define GUICHE_PREVIEW_CHARACTERS 200

void guiche_preview_record_clear (GuichePreviewRecord *self);
void guiche_preview_record_to_json (const GuichePreviewRecord *self, GuicheJsonWriter *writer);
gboolean guiche_preview_record_from_json (JsonObject *object,
                                          GuichePreviewRecord *out,
                                          GError **error);

/* How many bytes of @body are its first @max_characters. */
gsize guiche_preview_length (const char *body, gsize max_characters);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheAttachmentRecord, guiche_attachment_record_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (GuicheMessageRecord, guiche_message_record_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuicheMessageRecord, guiche_message_record_free)

G_END_DECLS
