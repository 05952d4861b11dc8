/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the core of banking costs: files of CNAB 240, linhas digitáveis, all on one core. */
#include "banking/boleto.h"
#include "banking/cnab-reader.h"
#include "banking/cnab-title.h"
#include "banking/cnab-writer.h"
#include "banking/reconciliation.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define N_RETORNO 100000
#define N_REMESSA 10000
#define N_LINHAS 1000000
#define N_OPEN 100000
#define N_PAYMENTS 10000
#define TITLES_IN_LOTE 40000
#define CHUNK (256 * 1024)

static double
seconds_since (gint64 start)
{
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static double
cpu_seconds (void)
{
  return (double) clock () / CLOCKS_PER_SEC;
}

/* The highest resident size since the mark was reset, in MB. */
static double
peak_mb (void)
{
  g_autofree char *status = NULL;
  const char *at;

  g_file_get_contents ("/proc/self/status", &status, NULL, NULL);
  at = status == NULL ? NULL : strstr (status, "VmHWM:");
  return at == NULL ? 0 : (double) g_ascii_strtoll (at + 6, NULL, 10) / 1024;
}

static void
reset_peak (void)
{
  int fd = open ("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

  if (fd >= 0) {
    g_assert_cmpint (write (fd, "5", 1), ==, 1);
    close (fd);
  }
}

static void
flush (GString *out, FILE *file)
{
  if (file != NULL)
    g_assert_cmpuint (fwrite (out->str, 1, out->len, file), ==, out->len);
  g_string_truncate (out, 0);
}

static void
fill (GuicheCnabGroup *title, guint i, gboolean is_retorno)
{
  char number[21];

  g_snprintf (number, sizeof number, "%017u", i);
  guiche_cnab_group_set_text (title, GUICHE_CNAB_NOSSO_NUMERO, number, NULL);
  guiche_cnab_group_set_text (title, GUICHE_CNAB_NUMERO_DOCUMENTO, number + 5, NULL);
  guiche_cnab_group_set_text (title, GUICHE_CNAB_PAGADOR_DOC, "000061908419539", NULL);
  guiche_cnab_group_set_text (title, GUICHE_CNAB_PAGADOR_NOME,
                              "Jos\xC3\xA9 da Concei\xC3\xA7\xC3\xA3o", NULL);
  guiche_cnab_group_set_number (title, GUICHE_CNAB_VALOR_TITULO, 10000 + i, NULL);
  guiche_cnab_group_set_day (title, GUICHE_CNAB_VENCIMENTO, 20000 + (int) (i % 365), NULL);
  guiche_cnab_group_set_text (title, GUICHE_CNAB_MOVIMENTO, is_retorno ? "06" : "01", NULL);
  if (is_retorno) {
    guiche_cnab_group_set_number (title, GUICHE_CNAB_VALOR_PAGO, 10000 + i, NULL);
    guiche_cnab_group_set_day (title, GUICHE_CNAB_DATA_CREDITO, 20001 + (int) (i % 365), NULL);
  } else {
    guiche_cnab_group_set_text (title, GUICHE_CNAB_PAGADOR_ENDERECO, "Rua das Flores, 100", NULL);
    guiche_cnab_group_set_text (title, GUICHE_CNAB_COD_MULTA, "2", NULL);
    guiche_cnab_group_set_number (title, GUICHE_CNAB_MULTA, 200, NULL);
  }
}

/* To @file, or nowhere. */
static guint64
write_titles (FILE *file, guint n, gboolean is_retorno)
{
  g_autofree GuicheCnabGroup *group = g_new (GuicheCnabGroup, 1);
  g_autoptr (GString) out = g_string_sized_new (2 * CHUNK);
  GuicheCnabWriter writer;
  gboolean is_done = guiche_cnab_writer_init (
      &writer, 240, "756",
      is_retorno ? GUICHE_CNAB_DIRECTION_RETORNO : GUICHE_CNAB_DIRECTION_REMESSA, NULL);

  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_FILE_HEADER, group);
  is_done &= guiche_cnab_writer_begin_file (&writer, group, out, NULL);
  for (guint i = 0; i < n; i++) {
    if (i % TITLES_IN_LOTE == 0) {
      guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, group);
      is_done &= i == 0 || guiche_cnab_writer_end_lote (&writer, group, out, NULL);
      guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_LOTE_HEADER, group);
      is_done &= guiche_cnab_writer_begin_lote (&writer, group, out, NULL);
    }
    guiche_cnab_writer_make_title (&writer, is_retorno ? "TU" : "PQR", group);
    fill (group, i, is_retorno);
    is_done &= guiche_cnab_writer_add (&writer, group, out, NULL);
    if (out->len > CHUNK)
      flush (out, file);
  }
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, group);
  is_done &= guiche_cnab_writer_end_lote (&writer, group, out, NULL);
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_FILE_TRAILER, group);
  is_done &= guiche_cnab_writer_end_file (&writer, group, out, NULL);
  flush (out, file);
  g_assert_true (is_done);
  return writer.n_lines;
}

static void
read_titles (const char *path, GArray *titles)
{
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autofree char *chunk = g_malloc (CHUNK);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  const GuicheCnabGroup *group = NULL;
  g_autoptr (GError) error = NULL;
  GuicheCnabRead step;

  do {
    step = guiche_cnab_reader_next (reader, &group, &error);
    if (step == GUICHE_CNAB_READ_GROUP && group->kind == GUICHE_CNAB_RECORD_TITLE) {
      GuicheCnabTitle title;

      guiche_cnab_title_read (group, &title);
      g_array_append_val (titles, title);
    } else if (step == GUICHE_CNAB_READ_MORE) {
      ssize_t n = read (fd, chunk, CHUNK);

      if (n > 0)
        guiche_cnab_reader_feed (reader, chunk, (gsize) n);
      else
        guiche_cnab_reader_finish (reader);
    }
  } while (step == GUICHE_CNAB_READ_MORE || step == GUICHE_CNAB_READ_GROUP);
  g_assert_no_error (error);
  close (fd);
}

static void
measure_retorno (void)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("guiche-bench-XXXXXX", &path, NULL);
  FILE *file = fdopen (fd, "wb");
  double best = G_MAXDOUBLE, best_cpu = G_MAXDOUBLE, peak = 0;

  write_titles (file, N_RETORNO, TRUE);
  fclose (file);
  for (guint round = 0; round < 5; round++) {
    g_autoptr (GArray) titles = g_array_new (FALSE, FALSE, sizeof (GuicheCnabTitle));
    double cpu = cpu_seconds ();
    gint64 start;

    reset_peak ();
    start = g_get_monotonic_time ();
    read_titles (path, titles);
    best = MIN (best, seconds_since (start));
    best_cpu = MIN (best_cpu, cpu_seconds () - cpu);
    peak = MAX (peak, peak_mb ());
    g_assert_cmpuint (titles->len, ==, N_RETORNO);
  }
  g_print ("CNAB 240 retorno, %d titles read, validated and kept: %.3f s (CPU %.3f s), %.0f MB "
           "(target 0.15 s, 100 MB)\n",
           N_RETORNO, best, best_cpu, peak);
  g_unlink (path);
}

static void
measure_remessa (void)
{
  double best = G_MAXDOUBLE;

  for (guint round = 0; round < 5; round++) {
    gint64 start = g_get_monotonic_time ();

    write_titles (NULL, N_REMESSA, FALSE);
    best = MIN (best, seconds_since (start));
  }
  g_print ("CNAB 240 remessa, %d titles of P, Q and R: %.3f s (target 0.1 s)\n", N_REMESSA, best);
}

static void
measure_linhas (void)
{
  GuicheBoletoTitle title = { { "001", "", "1234", "12345678", "1234567", "17", "", "", NULL },
                              20000,
                              0 };
  GuicheNossoNumero number;
  GuicheBoleto boleto, decoded;
  gint64 start = g_get_monotonic_time ();
  double encoding, decoding;
  char digits[11];

  for (guint i = 0; i < N_LINHAS; i++) {
    g_snprintf (digits, sizeof digits, "%u", i);
    title.input.numero = digits;
    title.amount_cents = i;
    g_assert_true (guiche_boleto_encode (&title, &number, &boleto, NULL));
  }
  encoding = seconds_since (start);
  start = g_get_monotonic_time ();
  for (guint i = 0; i < N_LINHAS; i++)
    g_assert_true (guiche_boleto_decode_linha (boleto.linha_digitavel, 20000, &decoded, NULL));
  decoding = seconds_since (start);
  g_print ("linhas digitaveis: %.0f encoded/s, %.0f decoded and checked/s (target 500000/s)\n",
           N_LINHAS / encoding, N_LINHAS / decoding);
}

/* Payments in the order of a retorno, of titles spread over all. */
static void
measure_reconciliation (void)
{
  g_autofree GuicheReconcileTitle *titles = g_new0 (GuicheReconcileTitle, N_OPEN);
  g_autofree GuicheReconcileEvent *events = g_new0 (GuicheReconcileEvent, N_PAYMENTS);
  g_autoptr (GStringChunk) texts = g_string_chunk_new (1 << 20);
  g_autoptr (GuicheReconciliation) run = NULL;
  char number[21];
  gint64 start;

  for (guint i = 0; i < N_OPEN; i++) {
    g_snprintf (number, sizeof number, "%017u", i + 1);
    titles[i] = (GuicheReconcileTitle){
      "t", "001", "1234567", g_string_chunk_insert (texts, number), "", "", "", "", ""
    };
    titles[i].terms.face_cents = 9990 + i % 50;
    titles[i].terms.due = 20797;
  }
  for (guint i = 0; i < N_PAYMENTS; i++) {
    g_snprintf (number, sizeof number, "%017u", i * (N_OPEN / N_PAYMENTS) + 1);
    events[i] = (GuicheReconcileEvent){
      .id = "e",
      .source = GUICHE_EVENT_CNAB_240,
      .bank = "001",
      .convenio = "1234567",
      .nosso_numero = g_string_chunk_insert (texts, number),
      .nature = "",
      .reason = "",
      .movement = "06",
      .txid = "",
      .end_to_end = "",
      .refund = "",
      .refund_status = "",
      .codigo_solicitacao = "",
      .seu_numero = "",
      .payer_document = "",
      .memo = "",
      .account = "",
      .fitid = "",
    };
    events[i].amount_cents = titles[i * (N_OPEN / N_PAYMENTS)].terms.face_cents;
    events[i].day = events[i].credited = 20797;
  }
  start = g_get_monotonic_time ();
  run = guiche_reconciliation_new (titles, N_OPEN);
  guiche_reconciliation_run (run, events, N_PAYMENTS);
  g_print ("reconciliation, %d payments against %d open titles: %.3f s (target 1 s)\n", N_PAYMENTS,
           N_OPEN, seconds_since (start));
  for (guint i = 0; i < N_PAYMENTS; i++)
    g_assert_cmpint (titles[i * (N_OPEN / N_PAYMENTS)].state, ==, GUICHE_TITLE_PAID);
}

int
main (void)
{
  measure_retorno ();
  measure_remessa ();
  measure_linhas ();
  measure_reconciliation ();
  return 0;
}
