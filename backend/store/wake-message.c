/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/wake-message.h"

#include "store/event-private.h"
#include "store/wake.h"

#include <stdio.h>
#include <string.h>

/* Of this form; a node that knows only another ignores it and asks the database. */
#define VERSION 1
#define EVENT_TYPE "(xxssayay)" /* seq, at, kind, audience, entity (16 bytes or none), data */
#define MESSAGE_TYPE "(ysxxa" EVENT_TYPE ")"

/* The `data` that the wire form was spliced around. */
static const char *
find_data (const GuicheEvent *event, gsize *out_length)
{
  gsize length;
  const char *wire = g_bytes_get_data (event->wire, &length);
  int start = snprintf (NULL, 0,
                        "{\"seq\":%" G_GINT64_FORMAT ",\"at\":%" G_GINT64_FORMAT
                        ",\"kind\":\"%s\",\"data\":",
                        event->seq, event->at_us, event->kind);

  *out_length = length - (gsize) start - 1;
  return wire + start;
}

static gsize
count_bytes (GPtrArray *events)
{
  gsize n = 0;

  for (guint i = 0; events != NULL && i < events->len; i++) {
    const GuicheEvent *event = events->pdata[i];

    n += g_bytes_get_size (event->wire) + strlen (event->kind) + strlen (event->audience) + 64;
  }
  return n;
}

static GVariant *
encode_event (const GuicheEvent *event)
{
  gsize length;
  const char *data = find_data (event, &length);
  gsize id_length = guiche_id_is_none (&event->entity) ? 0 : sizeof event->entity.bytes;

  return g_variant_new (
      "(xxss@ay@ay)", event->seq, event->at_us, event->kind, event->audience,
      g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, event->entity.bytes, id_length, 1),
      g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, length, 1));
}

GBytes *
guiche_wake_message_encode (const char *tenant, const GuicheCommit *commit)
{
  GVariantBuilder events;
  g_autoptr (GVariant) message = NULL;
  g_autoptr (GVariant) ordered = NULL;

  g_variant_builder_init (&events, G_VARIANT_TYPE ("a" EVENT_TYPE));
  if (commit->events != NULL && count_bytes (commit->events) <= GUICHE_WAKE_MAX_BYTES / 2) {
    for (guint i = 0; i < commit->events->len; i++)
      g_variant_builder_add_value (&events, encode_event (commit->events->pdata[i]));
  }
  message = g_variant_ref_sink (g_variant_new ("(ysxxa" EVENT_TYPE ")", (guchar) VERSION, tenant,
                                               commit->last_seq, commit->job_due_us, &events));
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    return g_variant_get_data_as_bytes (message);

  ordered = g_variant_byteswap (message);
  return g_variant_get_data_as_bytes (ordered);
}

static GuicheEvent *
decode_event (GVariant *variant)
{
  const char *kind, *audience;
  gint64 seq, at_us;
  g_autoptr (GVariant) entity = NULL;
  g_autoptr (GVariant) data = NULL;
  gconstpointer id_bytes, data_bytes;
  gsize id_length, data_length;
  GuicheId id = GUICHE_ID_NONE;

  g_variant_get (variant, "(xx&s&s@ay@ay)", &seq, &at_us, &kind, &audience, &entity, &data);
  id_bytes = g_variant_get_fixed_array (entity, &id_length, 1);
  data_bytes = g_variant_get_fixed_array (data, &data_length, 1);
  if (seq < 1 || at_us < 0 || data_length < 2 || (id_length != 0 && id_length != sizeof id.bytes))
    return NULL;

  if (id_length > 0)
    memcpy (id.bytes, id_bytes, id_length);
  return guiche_event_new (seq, at_us, kind, audience, &id, data_bytes, data_length);
}

/* All of them, one after the other and up to @last_seq, or none. */
static GPtrArray *
decode_events (GVariant *variant, gint64 last_seq)
{
  g_autoptr (GPtrArray) events =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  gsize n = g_variant_n_children (variant);

  for (gsize i = 0; i < n; i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (variant, i);
    GuicheEvent *event = decode_event (child);

    if (event == NULL)
      return NULL;
    g_ptr_array_add (events, event);
    if (event->seq != last_seq - (gint64) (n - 1 - i))
      return NULL;
  }

  return n == 0 ? NULL : g_steal_pointer (&events);
}

gboolean
guiche_wake_message_decode (GuicheWakeMessage *self, const guint8 *message, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (message, length);
  g_autoptr (GVariant) raw = g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (MESSAGE_TYPE), bytes, FALSE));
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GVariant) events = NULL;
  guchar version;

  *self = (GuicheWakeMessage){ 0 };
  if (length > GUICHE_WAKE_MAX_BYTES || !g_variant_is_normal_form (raw))
    return FALSE;

  variant = G_BYTE_ORDER == G_LITTLE_ENDIAN ? g_variant_ref (raw) : g_variant_byteswap (raw);
  g_variant_get (variant, "(ysxx@a" EVENT_TYPE ")", &version, &self->tenant, &self->last_seq,
                 &self->job_due_us, &events);
  if (version != VERSION || self->last_seq < 0 || self->job_due_us < 0) {
    guiche_wake_message_clear (self);
    return FALSE;
  }

  self->events = decode_events (events, self->last_seq);
  return TRUE;
}

void
guiche_wake_message_clear (GuicheWakeMessage *self)
{
  g_clear_pointer (&self->tenant, g_free);
  g_clear_pointer (&self->events, g_ptr_array_unref);
}
