/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/check-digit.h"
#include "banking/reconciliation-private.h"

#include <string.h>

#define SUGGESTION_DAYS 5
#define SICOOB_FIELD 15 /* number and digit (10), parcela (2), modalidade (2), form (1) */
#define SICOOB_NUMBER 10

static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

static void
add (GHashTable *table, const char *key, guint title)
{
  GArray *places;

  if (*key == '\0')
    return;
  places = g_hash_table_lookup (table, key);
  if (places == NULL) {
    places = g_array_new (FALSE, FALSE, sizeof (guint));
    g_hash_table_insert (table, g_strdup (key), places);
  }
  for (guint i = 0; i < places->len; i++)
    if (g_array_index (places, guint, i) == title)
      return;
  g_array_append_val (places, title);
}

static const char *
without_zeros (const char *number)
{
  while (*number == '0' && number[1] != '\0')
    number++;
  return number;
}

static void
add_number (GuicheReconciliation *self, guint place, const char *number, const char *dv)
{
  g_autofree char *with_dv = NULL;

  if (*number == '\0')
    return;
  add (self->by_number, without_zeros (number), place);
  if (*dv == '\0')
    return;
  with_dv = g_strconcat (number, dv, NULL);
  add (self->by_number, without_zeros (with_dv), place);
}

static void
add_face (GuicheReconciliation *self, guint place)
{
  char face[24];

  g_snprintf (face, sizeof face, "%" G_GINT64_FORMAT, self->titles[place].terms.face_cents);
  add (self->by_face, face, place);
}

void
guiche_reconciliation_index (GuicheReconciliation *self)
{
  self->by_txid = new_table ();
  self->by_number = new_table ();
  self->by_solicitacao = new_table ();
  self->by_seu_numero = new_table ();
  self->by_document = new_table ();
  self->by_face = new_table ();
  for (guint i = 0; i < self->n_titles; i++) {
    const GuicheReconcileTitle *title = &self->titles[i];

    add (self->by_txid, title->txid, i);
    add_number (self, i, title->nosso_numero, title->nosso_numero_dv);
    add (self->by_solicitacao, title->codigo_solicitacao, i);
    add (self->by_seu_numero, title->seu_numero, i);
    add (self->by_document, title->payer_document, i);
    add_face (self, i);
  }
}

void
guiche_reconciliation_unindex (GuicheReconciliation *self)
{
  GHashTable *tables[] = { self->by_txid,       self->by_number,   self->by_solicitacao,
                           self->by_seu_numero, self->by_document, self->by_face };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    g_hash_table_unref (tables[i]);
}

void
guiche_reconciliation_learn (GuicheReconciliation *self, guint title, const char *nosso_numero)
{
  g_free (self->titles[title].learned_nosso_numero);
  self->titles[title].learned_nosso_numero = g_strdup (nosso_numero);
  add_number (self, title, nosso_numero, "");
}

/* Convênio and bank are part of the key where both sides say them. */
static gboolean
may_be (const GuicheReconcileTitle *title, const GuicheReconcileEvent *event)
{
  if (*title->convenio != '\0' && *event->convenio != '\0' &&
      strcmp (without_zeros (title->convenio), without_zeros (event->convenio)) != 0)
    return FALSE;
  return *title->bank == '\0' || *event->bank == '\0' || strcmp (title->bank, event->bank) == 0;
}

/* Those of a list that may be the event's; one decides, several are candidates. TRUE when any is.
 */
static gboolean
take (GuicheReconciliation *self,
      const GuicheReconcileEvent *event,
      const GArray *places,
      const char *rule,
      guint confidence,
      GuicheMatch *out)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; places != NULL && i < places->len; i++) {
    guint place = g_array_index (places, guint, i);

    if (may_be (&self->titles[place], event))
      g_array_append_val (found, place);
  }
  if (found->len == 0)
    return FALSE;
  out->rule = rule;
  out->confidence = confidence;
  if (found->len == 1)
    out->title = (int) g_array_index (found, guint, 0);
  else
    out->candidates = g_steal_pointer (&found);
  return TRUE;
}

/* As it is, or as Sicoob writes it in CNAB 240. */
static gboolean
match_number (GuicheReconciliation *self, const GuicheReconcileEvent *event, GuicheMatch *out)
{
  const char *number = event->nosso_numero;
  char sicoob[SICOOB_NUMBER + 1];

  if (*number == '\0' || *without_zeros (number) == '0')
    return FALSE;
  if (take (self, event, g_hash_table_lookup (self->by_number, without_zeros (number)),
            "nosso-numero", 99, out))
    return TRUE;
  if (strlen (number) != SICOOB_FIELD || !guiche_is_digits (number, SICOOB_FIELD))
    return FALSE;
  memcpy (sicoob, number, SICOOB_NUMBER);
  sicoob[SICOOB_NUMBER] = '\0';
  if (take (self, event, g_hash_table_lookup (self->by_number, without_zeros (sicoob)),
            "nosso-numero", 98, out) &&
      out->title >= 0)
    return strcmp (self->titles[out->title].bank, "756") == 0 || *event->bank != '\0';
  g_clear_pointer (&out->candidates, g_array_unref);
  out->title = -1;
  return FALSE;
}

static gboolean
is_settled (const GuicheReconcileTitle *title)
{
  return title->state == GUICHE_TITLE_PAID || title->state == GUICHE_TITLE_PAID_DIVERGENT ||
         title->state == GUICHE_TITLE_PAID_AFTER_WRITE_OFF || title->state == GUICHE_TITLE_REFUNDED;
}

static gboolean
is_due (const GuicheReconcileTitle *title, const GuicheReconcileEvent *event)
{
  return !is_settled (title) && guiche_reconcile_balance (title, event->day) == event->amount_cents;
}

/* The payer's titles of which exactly this is due that day. */
static gboolean
match_document (GuicheReconciliation *self, const GuicheReconcileEvent *event, GuicheMatch *out)
{
  const GArray *places = *event->payer_document == '\0'
                             ? NULL
                             : g_hash_table_lookup (self->by_document, event->payer_document);
  g_autoptr (GArray) due = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; places != NULL && i < places->len; i++) {
    guint place = g_array_index (places, guint, i);

    if (is_due (&self->titles[place], event))
      g_array_append_val (due, place);
  }
  return event->day != GUICHE_DAY_NONE && take (self, event, due, "value-document", 90, out);
}

/* Never settles: value and day are no identity. */
static void
suggest (GuicheReconciliation *self, const GuicheReconcileEvent *event, GuicheMatch *out)
{
  char face[24];
  const GArray *places;

  g_snprintf (face, sizeof face, "%" G_GINT64_FORMAT, event->amount_cents);
  places = g_hash_table_lookup (self->by_face, face);
  for (guint i = 0; places != NULL && i < places->len; i++) {
    guint place = g_array_index (places, guint, i);
    const GuicheReconcileTitle *title = &self->titles[place];

    if (!is_due (title, event) || !may_be (title, event) ||
        (event->day != GUICHE_DAY_NONE && ABS (event->day - title->terms.due) > SUGGESTION_DAYS))
      continue;
    if (out->candidates == NULL)
      out->candidates = g_array_new (FALSE, FALSE, sizeof (guint));
    g_array_append_val (out->candidates, place);
  }
  out->rule = "value-date";
  out->confidence = out->candidates == NULL ? 0 : 50;
}

void
guiche_reconciliation_match (GuicheReconciliation *self,
                             const GuicheReconcileEvent *event,
                             GuicheMatch *out)
{
  gpointer settled = *event->end_to_end == '\0'
                         ? NULL
                         : g_hash_table_lookup (self->by_end_to_end, event->end_to_end);

  *out = (GuicheMatch){ .title = -1, .rule = "none" };
  if (settled != NULL) {
    out->title = GPOINTER_TO_INT (settled) - 1;
    out->rule = "end-to-end";
    out->confidence = 100;
    return;
  }
  if ((*event->txid != '\0' &&
       take (self, event, g_hash_table_lookup (self->by_txid, event->txid), "txid", 100, out)) ||
      match_number (self, event, out) ||
      (*event->codigo_solicitacao != '\0' &&
       take (self, event, g_hash_table_lookup (self->by_solicitacao, event->codigo_solicitacao),
             "codigo-solicitacao", 99, out)) ||
      (*event->seu_numero != '\0' &&
       take (self, event, g_hash_table_lookup (self->by_seu_numero, event->seu_numero),
             "seu-numero", 95, out)) ||
      match_document (self, event, out))
    return;
  if (event->amount_cents > 0)
    suggest (self, event, out);
}
