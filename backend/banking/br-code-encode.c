/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "banking/br-code.h"
#include "banking/document.h"
#include "banking/money.h"
#include "banking/refusal.h"

#include <string.h>

#define MAX_NAME 25
#define MAX_CITY 15
#define MAX_TXID 25
#define MAX_KEY 77
#define MAX_FIELD 99

static void
add (GString *out, const char *id, const char *value)
{
  g_string_append_printf (out, "%s%02d%s", id, (int) strlen (value), value);
}

/* Letters without their accents; what is no ASCII then is left out. (transfer full) */
static char *
plain_text (const char *text, gsize max)
{
  g_autofree char *parts = g_utf8_normalize (text, -1, G_NORMALIZE_NFKD);
  GString *out = g_string_new (NULL);

  for (const char *at = parts != NULL ? parts : ""; *at != '\0' && out->len < max; at++)
    if ((guchar) *at >= 0x20 && (guchar) *at < 0x7F)
      g_string_append_c (out, *at);
  return g_strstrip (g_string_free (out, FALSE));
}

static gboolean
is_phone (const char *key)
{
  gsize n = strlen (key);

  return key[0] == '+' && n >= 9 && n <= 16 && strspn (key + 1, "0123456789") == n - 1;
}

static gboolean
is_mail (const char *key)
{
  const char *at = strchr (key, '@');

  return at != NULL && at != key && strchr (at + 1, '@') == NULL && strchr (at, '.') != NULL &&
         g_str_is_ascii (key) && strpbrk (key, " \t\r\n") == NULL;
}

static gboolean
check_key (const char *key, GError **error)
{
  if (strlen (key) <= MAX_KEY && (is_phone (key) || is_mail (key) || g_uuid_string_is_valid (key) ||
                                  guiche_document_is_valid (GUICHE_DOCUMENT_CPF, key) ||
                                  guiche_document_is_valid (GUICHE_DOCUMENT_CNPJ, key)))
    return TRUE;
  return guiche_banking_refuse (error, "chave", "key",
                                "chave: a CPF, CNPJ, telephone (+55…), e-mail or random key");
}

static gboolean
check_txid (const char *txid, GError **error)
{
  gsize n = strlen (txid);

  for (gsize i = 0; i < n; i++)
    if (!g_ascii_isalnum (txid[i]))
      return guiche_banking_refuse (error, "txid", "digits", "txid: letters and digits only");
  if (n == 0 || n > MAX_TXID)
    return guiche_banking_refuse (error, "txid", "range", "txid: 1 to %d characters", MAX_TXID);
  return TRUE;
}

static gboolean
check_url (const char *url, GError **error)
{
  if (!g_str_is_ascii (url) || strstr (url, "://") != NULL || strchr (url, '/') == NULL ||
      strlen (url) > MAX_KEY)
    return guiche_banking_refuse (error, "url", "range",
                                  "url: up to %d characters, without https://", MAX_KEY);
  return TRUE;
}

static gboolean
check (const GuichePixCode *code, GError **error)
{
  if ((code->key == NULL) == (code->url == NULL))
    return guiche_banking_refuse (error, "chave", "required", "chave or url, one of them");
  if (code->key != NULL ? !check_key (code->key, error) : !check_url (code->url, error))
    return FALSE;
  if (code->txid != NULL && code->key != NULL && !check_txid (code->txid, error))
    return FALSE;
  if (code->amount_cents < 0 || code->amount_cents > G_GINT64_CONSTANT (999999999999))
    return guiche_banking_refuse (error, "valor_centavos", "range",
                                  "valor_centavos: 0 to 999999999999");
  return TRUE;
}

static gboolean
add_account (GString *out, const GuichePixCode *code, GError **error)
{
  g_autoptr (GString) account = g_string_new (NULL);

  add (account, "00", "br.gov.bcb.pix");
  if (code->url != NULL) {
    add (account, "25", code->url);
  } else {
    add (account, "01", code->key);
    if (code->description != NULL && *code->description != '\0') {
      g_autofree char *description = plain_text (code->description, MAX_FIELD);

      add (account, "02", description);
    }
  }
  if (account->len > MAX_FIELD)
    return guiche_banking_refuse (error, "descricao", "range",
                                  "descricao: too long beside this key");
  add (out, "26", account->str);
  return TRUE;
}

static gboolean
add_receiver (GString *out, const GuichePixCode *code, GError **error)
{
  g_autofree char *name = plain_text (code->name != NULL ? code->name : "", MAX_NAME);
  g_autofree char *city = plain_text (code->city != NULL ? code->city : "", MAX_CITY);

  if (*name == '\0' || *city == '\0')
    return guiche_banking_refuse (error, *name == '\0' ? "nome" : "cidade", "required",
                                  "nome and cidade are needed");
  add (out, "59", name);
  add (out, "60", city);
  return TRUE;
}

char *
guiche_br_code_encode (const GuichePixCode *code, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) additional = g_string_new (NULL);
  char amount[GUICHE_MONEY_TEXT_SIZE];

  if (!check (code, error))
    return NULL;
  add (out, "00", "01");
  if (code->is_single_use)
    add (out, "01", "12");
  if (!add_account (out, code, error))
    return NULL;
  add (out, "52", "0000");
  add (out, "53", "986");
  guiche_money_format (code->amount_cents, amount);
  if (code->amount_cents > 0)
    add (out, "54", amount);
  add (out, "58", "BR");
  if (!add_receiver (out, code, error))
    return NULL;
  add (additional, "05", code->key != NULL && code->txid != NULL ? code->txid : "***");
  add (out, "62", additional->str);
  g_string_append (out, "6304");
  g_string_append_printf (out, "%04X", guiche_crc16 (out->str, out->len));
  return g_string_free (g_steal_pointer (&out), FALSE);
}
