/* SPDX-License-Identifier: GPL-3.0-or-later */
/* guichectl boleto, document, charges, cnab, pix, reconcile: the core of banking for scripts,
 * without a company */
#include "config.h"

#include "guichectl/banking-lines.h"
#include "guichectl/cnab-commands.h"
#include "guichectl/command.h"

static gboolean
boleto_encode (GuichectlCall *call, GError **error)
{
  return guichectl_run_lines (guichectl_boleto_encode, error);
}

static gboolean
boleto_decode (GuichectlCall *call, GError **error)
{
  return guichectl_run_lines (guichectl_boleto_decode, error);
}

static gboolean
document_check (GuichectlCall *call, GError **error)
{
  return guichectl_run_lines (guichectl_document_check, error);
}

static gboolean
charges_compute (GuichectlCall *call, GError **error)
{
  return guichectl_run_cases (call->n_arguments == 0 ? "-" : call->arguments[0],
                              guichectl_charges_compute, error);
}

static gboolean
pix_decode (GuichectlCall *call, GError **error)
{
  return guichectl_run_lines (guichectl_pix_decode, error);
}

static gboolean
pix_encode (GuichectlCall *call, GError **error)
{
  return guichectl_run_lines (guichectl_pix_encode, error);
}

static gboolean
reconcile (GuichectlCall *call, GError **error)
{
  return guichectl_run_cases (call->n_arguments == 0 ? "-" : call->arguments[0],
                              guichectl_reconcile, error);
}

const GuichectlCommand guichectl_banking_commands[] = {
  { "boleto", "encode", "", 0, 0, TRUE, boleto_encode, "JSON lines to barcode and line", TRUE },
  { "boleto", "decode", "", 0, 0, TRUE, boleto_decode, "JSON lines of barcode or line", TRUE },
  { "document", "check", "", 0, 0, TRUE, document_check, "CPF and CNPJ, JSON lines", TRUE },
  { "charges", "compute", "[FILE]", 0, 1, TRUE, charges_compute,
    "Fine, interest and discount of cases", TRUE },
  { "cnab", "read", "FILE", 1, 1, TRUE, guichectl_cnab_read,
    "a CNAB 240 or 400 file to JSON; --lenient LIST", TRUE },
  { "cnab", "write", "[FILE]", 0, 1, TRUE, guichectl_cnab_write, "the same JSON to the file",
    TRUE },
  { "pix", "decode", "", 0, 0, TRUE, pix_decode, "BR Codes, JSON lines of payload", TRUE },
  { "pix", "encode", "", 0, 0, TRUE, pix_encode, "JSON lines to BR Codes", TRUE },
  { "reconcile", NULL, "[FILE]", 0, 1, TRUE, reconcile, "what each title of a case became, and why",
    TRUE },
  { NULL },
};
