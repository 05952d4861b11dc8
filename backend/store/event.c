/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/event-private.h"
#include "store/store.h"

#include <string.h>

/* Rows looked at for one page, beyond those given: bounds a read for who may see little. */
#define MAX_SCANNED 8192
#define MAX_PAGE 65536
#define LEAST_SCANNED 64
#define WIRE_FRAME_BYTES 96

typedef struct {
  GuicheEvent event; /* first: the public part */
  gatomicrefcount references;
  char texts[]; /* kind and audience, each with its NUL */
} Event;

static char *
append_text (char *end, const char *text, gsize length)
{
  memcpy (end, text, length);
  return end + length;
}

static char *
append_int (char *end, gint64 value)
{
  char digits[24];
  char *first = digits + sizeof digits;

  g_assert (value >= 0);
  do {
    *--first = (char) ('0' + value % 10);
    value /= 10;
  } while (value > 0);

  return append_text (end, first, (gsize) (digits + sizeof digits - first));
}

static GBytes *
make_wire (const GuicheEvent *event, gsize kind_length, const char *data, gsize data_length)
{
  char *wire = g_malloc (WIRE_FRAME_BYTES + kind_length + data_length);
  char *end = append_text (wire, "{\"seq\":", 7);

  end = append_int (end, event->seq);
  end = append_text (end, ",\"at\":", 6);
  end = append_int (end, event->at_us);
  end = append_text (end, ",\"kind\":\"", 9);
  end = append_text (end, event->kind, kind_length);
  end = append_text (end, "\",\"data\":", 9);
  end = append_text (end, data, data_length);
  end = append_text (end, "}", 1);
  return g_bytes_new_take (wire, (gsize) (end - wire));
}

GuicheEvent *
guiche_event_new (gint64 seq,
                  gint64 at_us,
                  const char *kind,
                  const char *audience,
                  const GuicheId *entity,
                  const char *data,
                  gsize data_length)
{
  gsize kind_length = strlen (kind);
  gsize audience_length = strlen (audience);
  Event *self = g_malloc (sizeof *self + kind_length + audience_length + 2);

  g_atomic_ref_count_init (&self->references);
  self->event.seq = seq;
  self->event.at_us = at_us;
  self->event.kind = self->texts;
  self->event.audience = self->texts + kind_length + 1;
  self->event.entity = entity == NULL ? GUICHE_ID_NONE : *entity;
  memcpy (self->event.kind, kind, kind_length + 1);
  memcpy (self->event.audience, audience, audience_length + 1);
  self->event.wire = make_wire (&self->event, kind_length, data, data_length);
  return &self->event;
}

GuicheEvent *
guiche_event_ref (GuicheEvent *self)
{
  g_atomic_ref_count_inc (&((Event *) self)->references);
  return self;
}

void
guiche_event_unref (GuicheEvent *self)
{
  if (!g_atomic_ref_count_dec (&((Event *) self)->references))
    return;

  g_bytes_unref (self->wire);
  g_free (self);
}

static gboolean
read_bounds (GuicheTx *tx, gint64 *out_first, gint64 *out_last, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (
      tx, "SELECT (SELECT MIN(seq) FROM events), (SELECT MAX(seq) FROM events)", error);

  if (statement == NULL || !guiche_statement_next (statement, error))
    return FALSE;

  *out_first = guiche_statement_int (statement, 0);
  *out_last = guiche_statement_int (statement, 1);
  guiche_statement_reset (statement);
  return TRUE;
}

gint64
guiche_events_last_seq (GuicheTx *tx, GError **error)
{
  gint64 first, last;

  return read_bounds (tx, &first, &last, error) ? last : -1;
}

static GuicheEvent *
read_row (GuicheStatement *statement)
{
  GuicheId entity = guiche_statement_id (statement, 4);
  gsize length;
  const char *data = guiche_statement_text_length (statement, 5, &length);

  return guiche_event_new (guiche_statement_int (statement, 0), guiche_statement_int (statement, 1),
                           guiche_statement_text (statement, 2),
                           guiche_statement_text (statement, 3), &entity, data, length);
}

static const char read_sql[] = "SELECT seq, at, kind, audience, entity, data FROM events "
                               "WHERE seq > $1 ORDER BY seq LIMIT $2";

gboolean
guiche_events_read_after (GuicheDb *db,
                          gint64 since,
                          guint limit,
                          GPtrArray *events,
                          GError **error)
{
  GuicheStatement *statement = guiche_db_prepare (db, read_sql, error);
  GError *local_error = NULL;

  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, since);
  guiche_statement_bind_int (statement, 2, limit);
  while (guiche_statement_next (statement, &local_error))
    g_ptr_array_add (events, read_row (statement));
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

typedef struct {
  gsize limit;
  const GuicheViewer *viewer; /* (nullable) */
  GPtrArray *events;
  gint64 next; /* the last row looked at */
  gsize n_scanned;
  gboolean has_more; /* it stopped before the end */
} Page;

/* Looks at @n_wanted rows: an engine may hand over all that was asked for at once. */
static gboolean
scan (GuicheTx *tx, Page *self, gsize n_wanted, gsize *out_n_rows, GError **error)
{
  GuicheStatement *statement = guiche_tx_prepare (tx, read_sql, error);
  GError *local_error = NULL;

  *out_n_rows = 0;
  if (statement == NULL)
    return FALSE;

  guiche_statement_bind_int (statement, 1, self->next);
  guiche_statement_bind_int (statement, 2, (gint64) n_wanted);
  while (guiche_statement_next (statement, &local_error)) {
    (*out_n_rows)++;
    if (self->events->len == self->limit) {
      self->has_more = TRUE;
      guiche_statement_reset (statement);
      return TRUE;
    }
    self->n_scanned++;
    self->next = guiche_statement_int (statement, 0);
    if (self->viewer == NULL ||
        guiche_audience_matches (guiche_statement_text (statement, 3), self->viewer))
      g_ptr_array_add (self->events, read_row (statement));
  }
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, local_error);
  return FALSE;
}

static gboolean
read_page (GuicheTx *tx, Page *self, GError **error)
{
  gsize n_allowed = self->limit + MAX_SCANNED;
  gsize n_rows, n_wanted;

  do {
    n_wanted =
        MIN (MAX (self->limit - self->events->len + 1, LEAST_SCANNED), n_allowed - self->n_scanned);
    if (!scan (tx, self, n_wanted, &n_rows, error))
      return FALSE;
    if (self->n_scanned == n_allowed)
      self->has_more = TRUE;
  } while (!self->has_more && n_rows == n_wanted);

  return TRUE;
}

/**
 * guiche_events_read:
 * @since: exclusive
 * @limit: at least 1
 * @viewer: (nullable): %NULL for all events
 * @out_next: (out): the seq up to which the caller is complete; the next @since
 * @out_more: (out): whether there may be more after @out_next
 *
 * Returns: (transfer full) (element-type GuicheEvent):
 */
GPtrArray *
guiche_events_read (GuicheTx *tx,
                    gint64 since,
                    gsize limit,
                    const GuicheViewer *viewer,
                    gint64 *out_next,
                    gboolean *out_more,
                    GError **error)
{
  g_autoptr (GPtrArray) events =
                 g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_event_unref);
  Page page = { .limit = MIN (limit, MAX_PAGE), .viewer = viewer, .events = events };
  gint64 first, last;

  g_return_val_if_fail (limit > 0, NULL);

  if (!read_bounds (tx, &first, &last, error))
    return NULL;
  if (since < 0 || since > last || since + 1 < first) {
    g_set_error (error, GUICHE_ERROR, GUICHE_ERROR_SNAPSHOT_REQUIRED,
                 "events since %" G_GINT64_FORMAT ": kept are %" G_GINT64_FORMAT
                 " to %" G_GINT64_FORMAT,
                 since, first, last);
    return NULL;
  }

  page.next = since;
  if (!read_page (tx, &page, error))
    return NULL;

  *out_next = page.next;
  *out_more = page.has_more;
  return g_steal_pointer (&events);
}
