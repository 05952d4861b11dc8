/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/error.h"
#include "desk/customer.h"
#include "desk/queue.h"
#include "flows/sample-company.h"
#include "flows/sample-private.h"
#include "people/user.h"

#include <string.h>

/* "guiche" as Argon2id with today's parameters, made once: the sample company's password is known
 * to everybody anyhow, and its tables are the same on every computer. */
#define PASSWORD_HASH                                                                              \
  "$argon2id$v=19$m=65536,t=3,p=1$+XJjmedR0A+l1pncqBswVA$"                                         \
  "2vpqVcw56ZHSa3L/+dPmxkQNSdp9y2HoHQSLydLmPtw"

#define ALL_QUEUES "technical_urgent technical_normal commercial financial cancellation"
#define TECHNICAL "technical_urgent technical_normal"
#define EMAIL_DOMAIN "conectaserra.example"

static const GuicheSampleUser colleagues[] = {
  { "ana", "Ana Beatriz Souza", GUICHE_ROLE_AGENT, ALL_QUEUES },
  { "bruno", "Bruno Carvalho", GUICHE_ROLE_AGENT, ALL_QUEUES },
  { "sofia", "Sofia Lima", GUICHE_ROLE_SUPERVISOR, ALL_QUEUES },
  { "admin", "Helena Duarte", GUICHE_ROLE_ADMIN, "" },
  { "carla", "Carla Nogueira", GUICHE_ROLE_AGENT, "financial cancellation" },
  { "diego", "Diego Ferraz", GUICHE_ROLE_AGENT, TECHNICAL },
  { "elisa", "Elisa Monteiro", GUICHE_ROLE_AGENT, "commercial cancellation" },
  { "fabio", "Fábio Teixeira", GUICHE_ROLE_AGENT, TECHNICAL },
  { "gabriela", "Gabriela Rocha", GUICHE_ROLE_AGENT, "cancellation commercial" },
  { "heitor", "Heitor Prado", GUICHE_ROLE_AGENT, TECHNICAL },
  { "isabela", "Isabela Campos", GUICHE_ROLE_AGENT, "financial" },
  { "joao", "João Pedro Alves", GUICHE_ROLE_SUPERVISOR, "commercial financial" },
};

static const char *const customer_names[] = {
  "Mariana Alves Pinto",
  "José Carlos da Silva",
  "Patrícia Gomes",
  "Rafael Moreira",
  "Luciana Barbosa",
  "Antônio Ferreira Neto",
  "Camila Ribeiro",
  "Thiago Martins",
  "Fernanda Dias",
  "Paulo Henrique Cardoso",
  "Juliana Castro",
  "Marcelo Azevedo",
  "Beatriz Fonseca",
  "Eduardo Santana",
  "Vanessa Cunha",
  "Ricardo Peixoto",
  "Aline Batista",
  "Gustavo Correia",
  "Simone Araújo",
  "Leandro Machado",
  "Débora Freitas",
  "Fábio Henrique Lopes",
  "Cristina Melo",
  "Rodrigo Siqueira",
  "Tatiane Moura",
  "Sérgio Vasconcelos",
  "Larissa Pires",
  "Daniel Brandão",
  "Renata Guimarães",
  "Otávio Nascimento",
  "Priscila Rezende",
  "Vinícius Amaral",
  "Cláudia Sampaio",
  "Mateus Rangel",
  "Eliane Bittencourt",
  "Hugo Tavares",
  "Sônia (Padaria Pão da Serra)",
  "Nivaldo (Auto Peças Aurora)",
  "Lígia (Clínica Bem Viver)",
  "Jorge (Condomínio Solar das Acácias)",
  "Ivone Marques",
  "Caio Figueiredo",
};

static const char *const streets[] = {
  "Rua das Acácias",     "Rua Sete de Abril", "Avenida da Serra",   "Rua do Ipê Amarelo",
  "Travessa Bela Vista", "Rua Pedro Lessa",   "Rua das Hortênsias", "Avenida Brasília",
  "Rua da Estação",      "Rua Monte Verde",
};

static const char *const districts[] = { "Centro", "Jardim Aurora", "Alto da Serra", "Vila Nova" };

static const char *const plans[] = {
  "Fibra 300 Mega", "Fibra 500 Mega", "Fibra 700 Mega", "Fibra 1 Giga", "Empresarial 500 Mega",
};

/* The check digit of a CPF over its first @length digits (Receita Federal: weights falling to 2,
 * remainder by 11). */
static char
cpf_digit (const char *digits, int length)
{
  int sum = 0;

  for (int i = 0; i < length; i++)
    sum += (digits[i] - '0') * (length + 1 - i);
  sum = sum * 10 % 11;
  return (char) ('0' + sum % 10);
}

/* Formally right, and plainly made up: it begins with six zeros. */
static void
make_cpf (guint number, char out[12])
{
  g_snprintf (out, 10, "%09u", number + 100);
  out[9] = cpf_digit (out, 9);
  out[10] = cpf_digit (out, 10);
  out[11] = '\0';
}

static gboolean
make_user (GuicheSample *self, GuicheSampleUser *colleague, GError **error)
{
  g_autofree char *email = g_strconcat (colleague->login, "@", EMAIL_DOMAIN, NULL);
  GuicheUserChange change = GUICHE_USER_CHANGE_NOTHING;
  g_autoptr (GuicheUser) user = NULL;

  change.login = colleague->login;
  change.name = colleague->name;
  change.role = colleague->role;
  change.email = email;
  change.password_hash = PASSWORD_HASH;
  user = guiche_user_create (self->tx, &change, error);
  if (user == NULL)
    return FALSE;
  colleague->id = user->id;
  return TRUE;
}

static gboolean
serves (const GuicheSampleUser *user, const char *key)
{
  g_auto (GStrv) keys = g_strsplit (user->queues, " ", -1);

  return g_strv_contains ((const char *const *) keys, key);
}

static gboolean
fill_queue (GuicheSample *self, const char *key, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (GuicheId));
  g_auto (GuicheQueueRecord) queue = { 0 };
  GuicheQueueChange change = { .priority = -1, .position = -1 };

  for (gsize i = 0; i < self->n_users; i++)
    if (serves (&self->users[i], key))
      g_array_append_val (members, self->users[i].id);
  change.members = (const GuicheId *) (gpointer) members->data;
  change.n_members = members->len;
  return guiche_queue_update (self->tx, key, &change, &queue, error);
}

gboolean
guiche_sample_make_users (GuicheSample *self, GError **error)
{
  g_auto (GStrv) keys = g_strsplit (ALL_QUEUES, " ", -1);

  self->n_users = G_N_ELEMENTS (colleagues);
  self->users = g_memdup2 (colleagues, sizeof colleagues);
  for (gsize i = 0; i < self->n_users; i++)
    if (!make_user (self, &self->users[i], error))
      return FALSE;
  for (gsize i = 0; keys[i] != NULL; i++)
    if (!fill_queue (self, keys[i], error))
      return FALSE;
  return TRUE;
}

static char *
make_address (GuicheDice *dice)
{
  return g_strdup_printf ("%s, %d, %s, " GUICHE_SAMPLE_CITY,
                          streets[guiche_dice_range (dice, 0, G_N_ELEMENTS (streets) - 1)],
                          (int) guiche_dice_range (dice, 10, 1999),
                          districts[guiche_dice_range (dice, 0, G_N_ELEMENTS (districts) - 1)]);
}

static gboolean
make_customer (GuicheSample *self, guint number, GError **error)
{
  GuicheDice dice = guiche_dice_new (self->seed, 5000 + number);
  GuicheCustomerRecord *record = g_new0 (GuicheCustomerRecord, 1);
  g_autofree char *phone = g_strdup_printf ("34900%06u", number + 1);
  g_autofree char *email = g_strdup_printf ("cliente%02u@example.com", number + 1);
  g_autofree char *contract = g_strdup_printf ("%d", (int) (20000 + number * 37));
  g_autofree char *address = make_address (&dice);
  char *phones[] = { phone, NULL };
  char *emails[] = { email, NULL };
  char cpf[12];
  GuicheCustomerChange change = {
    .name = customer_names[number],
    .phones = phones,
    .emails = emails,
    .document = cpf,
    .contract = contract,
    .plan = plans[guiche_dice_range (&dice, 0, G_N_ELEMENTS (plans) - 1)],
    .address = address,
    .status = guiche_dice_percent (&dice, 92) ? "active" : "suspended",
    .notes = guiche_dice_percent (&dice, 15) ? "Prefere contato à tarde." : NULL,
  };

  make_cpf (number, cpf);
  g_ptr_array_add (self->customers, record);
  return guiche_customer_create (self->tx, &change, FALSE, record, error);
}

gboolean
guiche_sample_make_customers (GuicheSample *self, GError **error)
{
  self->customers = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_customer_record_free);
  self->free_at_us = g_new0 (gint64, G_N_ELEMENTS (customer_names));
  for (guint i = 0; i < G_N_ELEMENTS (customer_names); i++)
    if (!make_customer (self, i, error))
      return FALSE;
  return TRUE;
}
