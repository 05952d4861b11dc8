/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/cnab-reader.h"
#include "banking/cnab-writer.h"
#include "banking/ofx.h"
#include "base/error.h"

#include <string.h>

static const char sgml[] =
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
    "<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></"
    "SIGNONMSGSRSV1>\r\n"
    "<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL\r\n"
    "<BANKACCTFROM><BANKID>077<BRANCHID>0001-9<ACCTID>1234567</BANKACCTFROM>\r\n"
    "<BANKTRANLIST><DTSTART>20261201<DTEND>20261231\r\n"
    "<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261210120000[-3:BRT]<TRNAMT>100.00<FITID>A1\r\n"
    "<MEMO>PIX RECEBIDO Jo\xE3o &amp; Cia</STMTTRN>\r\n"
    "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261211<TRNAMT>-1.234,56<FITID>A2<CHECKNUM>77"
    "<NAME>TAR COBRANCA<MEMO>Boleto</STMTTRN>\r\n"
    "</BANKTRANLIST><LEDGERBAL><BALAMT>10.5<DTASOF>20261231</LEDGERBAL>"
    "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\r\n";

static const char xml[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<?OFX OFXHEADER=\"200\" VERSION=\"211\"?>\n"
    "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKACCTFROM><BANKID>077</BANKID>"
    "<BRANCHID>0001-9</BRANCHID><ACCTID>1234567</ACCTID></BANKACCTFROM><BANKTRANLIST>\n"
    "<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20261210</DTPOSTED><TRNAMT>100.00</TRNAMT>"
    "<FITID>A1</FITID><MEMO>PIX RECEBIDO Jo\xC3\xA3o &amp; Cia</MEMO></STMTTRN>\n"
    "<STMTTRN><TRNTYPE>DEBIT</TRNTYPE><DTPOSTED>20261211</DTPOSTED><TRNAMT>-1234.56</TRNAMT>"
    "<FITID>A2</FITID><CHECKNUM>77</CHECKNUM><NAME>TAR "
    "COBRANCA</NAME><MEMO>Boleto</MEMO></STMTTRN>\n"
    "</BANKTRANLIST><LEDGERBAL><BALAMT>10.50</BALAMT><DTASOF>20261231</DTASOF></LEDGERBAL>"
    "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>";

static void
print_line (const GuicheStatementLine *line, gpointer data)
{
  char day[GUICHE_DAY_ISO_LENGTH + 1];

  guiche_day_format_iso (line->posted, day);
  g_string_append_printf (data, "%s %s %s %s %s %s %" G_GINT64_FORMAT " %s|%s\n", line->bank,
                          line->branch, line->account, line->fitid, line->kind, day,
                          line->amount_cents, line->document, line->memo);
}

static char *
read_ofx (const char *text, gsize length, gsize chunk, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GuicheOfxReader) reader = guiche_ofx_reader_new (print_line, lines);
  GuicheDay day;
  gint64 cents;

  for (gsize at = 0; at < length; at += chunk)
    if (!guiche_ofx_reader_feed (reader, text + at, MIN (chunk, length - at), error))
      return NULL;
  if (!guiche_ofx_reader_finish (reader, error))
    return NULL;
  if (guiche_ofx_reader_balance (reader, &cents, &day))
    g_string_append_printf (lines, "%" G_GINT64_FORMAT " %d", cents, day);
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static void
test_ofx (void)
{
  const char *expected = "077 0001-9 1234567 A1 CREDIT 2026-12-10 10000 |PIX RECEBIDO João & Cia\n"
                         "077 0001-9 1234567 A2 DEBIT 2026-12-11 -123456 77|TAR COBRANCA Boleto\n"
                         "1050 20818";

  for (gsize chunk = 1; chunk < 2000; chunk = chunk * 3 + 1) {
    g_autoptr (GError) error = NULL;
    g_autofree char *old = read_ofx (sgml, strlen (sgml), chunk, &error);
    g_autofree char *new = read_ofx (xml, strlen (xml), chunk, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (old, ==, expected);
    g_assert_cmpstr (new, ==, expected);
  }
}

static void
test_ofx_cut (void)
{
  gsize end = (gsize) (strstr (sgml, "</OFX>") - sgml) + strlen ("</OFX>");

  for (gsize length = 0; length < end; length++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *lines = read_ofx (sgml, length, 64, &error);

    g_assert_null (lines);
    g_assert_nonnull (guiche_error_get_detail (error, "line"));
    g_assert_nonnull (guiche_error_get_detail (error, "column"));
  }
}

static void
test_ofx_refusals (void)
{
  static const struct {
    const char *from, *to, *reason, *line;
  } cases[] = {
    { "<TRNAMT>100.00", "<TRNAMT>1O0.00", "number", "12" },
    { "<DTPOSTED>20261210120000[-3:BRT]", "<DTPOSTED>20261310", "date", "12" },
    { "<FITID>A1", "<FITID> ", "required", "12" },
    { "<FITID>A1", "<STMTTRN>", "order", "11" },
    { "<OFX>", "<HTML>", "format", "7" },
    { "</BANKTRANLIST>", "</STMTTRN>", "order", "14" },
    { "<FITID>A1", "<FITID", "format", "12" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) text = g_string_new (sgml);
    g_autoptr (GError) error = NULL;
    g_autofree char *lines = NULL;

    g_assert_cmpuint (g_string_replace (text, cases[i].from, cases[i].to, 1), ==, 1);
    lines = read_ofx (text->str, text->len, 100, &error);
    g_assert_null (lines);
    g_assert_cmpstr (guiche_error_get_detail (error, "reason"), ==, cases[i].reason);
    g_assert_cmpstr (guiche_error_get_detail (error, "line"), ==, cases[i].line);
  }
}

static void
test_amounts (void)
{
  static const struct {
    const char *text;
    gint64 cents;
  } right[] = { { "0", 0 },
                { "-0.5", -50 },
                { "+7", 700 },
                { "100.0000", 10000 },
                { "1.234,56", 123456 },
                { "1,234.56", 123456 },
                { "-150,00", -15000 },
                { ".5", 50 },
                { "1.234.567,8", 123456780 } };

  static const char *const wrong[] = { "",          "-",   ".",   "1.005",
                                       "1e3",       "--1", "1 0", "12345678901234567",
                                       "1,2,3.4.5", NULL };
  gint64 cents;

  for (gsize i = 0; i < G_N_ELEMENTS (right); i++) {
    g_assert_true (guiche_ofx_parse_amount (right[i].text, &cents));
    g_assert_cmpint (cents, ==, right[i].cents);
  }
  for (const char *const *at = wrong; *at != NULL; at++)
    g_assert_false (guiche_ofx_parse_amount (*at, &cents));
}

static void
test_segment_e (void)
{
  g_autofree GuicheCnabGroup *group = g_new (GuicheCnabGroup, 1);
  g_autoptr (GuicheCnabReader) reader = guiche_cnab_reader_new (GUICHE_CNAB_STRICT);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const GuicheCnabGroup *found = NULL;
  GuicheCnabWriter writer;

  guiche_cnab_writer_init (&writer, 240, "001", GUICHE_CNAB_DIRECTION_RETORNO, &error);
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_FILE_HEADER, group);
  guiche_cnab_writer_begin_file (&writer, group, out, &error);
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_LOTE_HEADER, group);
  guiche_cnab_writer_begin_lote (&writer, group, out, &error);
  for (guint i = 0; i < 2; i++) {
    guiche_cnab_writer_make_title (&writer, "E", group);
    guiche_cnab_group_set_text (group, GUICHE_CNAB_AGENCIA, "01234-3", &error);
    guiche_cnab_group_set_text (group, GUICHE_CNAB_CONTA, "000000012345-X", &error);
    guiche_cnab_group_set_number (group, GUICHE_CNAB_VALOR_LANCAMENTO, 15000 + i, &error);
    guiche_cnab_group_set_day (group, GUICHE_CNAB_DATA_LANCAMENTO, 20797, &error);
    guiche_cnab_group_set_text (group, GUICHE_CNAB_TIPO_LANCAMENTO, i == 0 ? "C" : "D", &error);
    guiche_cnab_group_set_text (group, GUICHE_CNAB_HISTORICO, "COBRANÇA", &error);
    guiche_cnab_writer_add (&writer, group, out, &error);
  }
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_LOTE_TRAILER, group);
  guiche_cnab_writer_end_lote (&writer, group, out, &error);
  guiche_cnab_writer_make (&writer, GUICHE_CNAB_RECORD_FILE_TRAILER, group);
  guiche_cnab_writer_end_file (&writer, group, out, &error);
  g_assert_no_error (error);
  guiche_cnab_reader_feed (reader, out->str, out->len);
  guiche_cnab_reader_finish (reader);
  while (guiche_cnab_reader_next (reader, &found, &error) == GUICHE_CNAB_READ_GROUP)
    guiche_statement_from_cnab (found, print_line, lines);
  g_assert_no_error (error);
  g_assert_cmpstr (lines->str, ==,
                   "001 01234-3 000000012345-X  000 2026-12-10 15000 |COBRANÇA\n"
                   "001 01234-3 000000012345-X  000 2026-12-10 -15001 |COBRANÇA\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/banking/statement/ofx", test_ofx);
  g_test_add_func ("/banking/statement/ofx-cut", test_ofx_cut);
  g_test_add_func ("/banking/statement/ofx-refusals", test_ofx_refusals);
  g_test_add_func ("/banking/statement/amounts", test_amounts);
  g_test_add_func ("/banking/statement/segment-e", test_segment_e);
  return g_test_run ();
}
