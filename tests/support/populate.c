/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/populate.h"

#include "client/cache.h"
#include "client/schema-store.h"
#include "client/stores.h"

#include <string.h>

#define MINUTE_US (60 * G_USEC_PER_SEC)
#define N_USERS 12

static const char *const first_names[] = { "Maria",    "João",      "Ana",    "José",
                                           "Antônia",  "Francisco", "Luíza",  "Carlos",
                                           "Adriana",  "Paulo",     "Júlia",  "Pedro",
                                           "Fernanda", "Lucas",     "Débora", "Marcos",
                                           "Patrícia", "Luís",      "Aline",  "Otávio" };
static const char *const last_names[] = { "da Silva",  "Santos",  "Oliveira", "Souza",
                                          "Pereira",   "Lima",    "Ferreira", "Costa",
                                          "Gonçalves", "Almeida", "Ribeiro",  "Araújo",
                                          "Conceição", "Rocha",   "Dias",     "Nunes",
                                          "Mendonça" };
static const char *const user_names[N_USERS] = {
  "Ana Beatriz Ramos", "Bruno Cardoso",    "Sofia Martins",   "Administração",
  "Camila Duarte",     "Diego Farias",     "Eduarda Pinto",   "Felipe Moura",
  "Gabriela Reis",     "Henrique Tavares", "Isabela Freitas", "Jorge Batista"
};
static const char *const logins[N_USERS] = { "ana",      "bruno",    "sofia",   "admin",
                                             "camila",   "diego",    "edu",     "felipe",
                                             "gabriela", "henrique", "isabela", "jorge" };

static const struct {
  const char *key, *name;
} queues[] = { { "technical_urgent", "Técnico urgente" },
               { "technical_normal", "Técnico" },
               { "commercial", "Comercial" },
               { "financial", "Financeiro" },
               { "cancellation", "Cancelamento" } };

static const char *const sentences[] = {
  "Boa tarde, minha internet não está funcionando desde ontem à noite.",
  "Já reiniciei o roteador duas vezes e a luz LOS continua vermelha.",
  "Vou verificar o sinal da sua fibra, só um instante por favor.",
  "Pode me enviar a segunda via do boleto deste mês?",
  "O técnico pode ir amanhã entre as 8h e as 12h, fica bom para você?",
  "Sim, estarei em casa. Muito obrigada pela atenção!",
  "A velocidade contratada é de 500 mega, mas no teste só chega a 80.",
  "Identificamos uma manutenção na sua região, a previsão é até as 18h.",
  "Gostaria de mudar o vencimento da fatura para o dia 10.",
  "Não consegui pagar pelo Pix, aparece que a chave é inválida.",
  "Acabei de gerar um novo código, pode tentar novamente.",
  "Funcionou! Pagamento concluído.",
  "Estou pensando em cancelar porque vou mudar de cidade.",
  "Temos cobertura na cidade nova, posso transferir o seu plano sem custo.",
  "Qual é o telefone do suporte para emergências?",
  "O cabo foi rompido na rua por um caminhão, estamos sem sinal.",
  "Agradecemos o contato. Posso ajudar em algo mais?",
  "ok",
};

/* SplitMix64: the same numbers everywhere. */
static guint64
next_random (guint64 *state)
{
  guint64 z = (*state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

const char *
guiche_populate_sentence (guint64 number)
{
  return sentences[number % G_N_ELEMENTS (sentences)];
}

static GuicheId
make_id (guint kind, guint64 number)
{
  g_autofree char *text =
      g_strdup_printf ("00000000-0000-7000-8000-%04x%08x", kind, (guint) number);
  GuicheId id = GUICHE_ID_NONE;

  guiche_id_parse (text, &id);
  return id;
}

enum {
  KIND_USER = 1,
  KIND_CUSTOMER,
  KIND_CONVERSATION,
  KIND_QUEUE,
  KIND_REPLY,
  KIND_LONG = 0xf
};

static GuicheId
user_id (guint index)
{
  return make_id (KIND_USER, 0x10000 + index + 1);
}

char *
guiche_populate_conversation_id (guint index)
{
  GuicheId id = make_id (KIND_CONVERSATION, index + 1);

  return guiche_id_dup_string (&id);
}

char *
guiche_populate_customer_id (guint index)
{
  GuicheId id = make_id (KIND_CUSTOMER, index + 1);

  return guiche_id_dup_string (&id);
}

static char *
customer_name (guint index)
{
  guint64 state = index + 99;
  guint64 one = next_random (&state), two = next_random (&state);

  return g_strdup_printf ("%s %s", first_names[one % G_N_ELEMENTS (first_names)],
                          last_names[two % G_N_ELEMENTS (last_names)]);
}

typedef struct {
  GuicheDatabase *db;
  GuichePopulate options;
  guint64 random;
  gint64 doc;
} Populate;

static gboolean
put_people (Populate *self, GError **error)
{
  char *keys[G_N_ELEMENTS (queues) + 1] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (queues); i++) {
    GuicheId members[N_USERS];
    GuicheQueueRecord queue = { .id = make_id (KIND_QUEUE, i + 1),
                                .key = (char *) queues[i].key,
                                .name = (char *) queues[i].name,
                                .priority = (gint64) i + 1,
                                .position = (gint64) i,
                                .members = members,
                                .n_members = N_USERS };
    for (guint j = 0; j < N_USERS; j++)
      members[j] = user_id (j);
    keys[i] = (char *) queues[i].key;
    if (!guiche_queue_store_put (self->db, &queue, error))
      return FALSE;
  }
  for (guint i = 0; i < N_USERS; i++) {
    GuicheUserRecord user = { .id = user_id (i),
                              .login = (char *) logins[i],
                              .name = (char *) user_names[i],
                              .role = (char *) (i == 2   ? "supervisor"
                                                : i == 3 ? "admin"
                                                         : "agent"),
                              .is_enabled = TRUE,
                              .queues = keys };
    if (!guiche_user_store_put (self->db, &user, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put_replies (Populate *self, GError **error)
{
  static const char *const replies[][3] = {
    { "oi", "Saudação",
      "Olá, {{customer.first_name}}! Aqui é {{agent.name}}, em que posso ajudar?" },
    { "reiniciar", "Reiniciar o roteador",
      "Por favor, desligue o roteador da tomada por 30 segundos e ligue novamente." },
    { "boleto", "Segunda via", "Segue a segunda via do boleto do contrato {{customer.contract}}." },
    { "obrigado", "Encerramento", "Agradecemos o contato, {{customer.name}}. Tenha um ótimo dia!" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (replies); i++) {
    GuicheCannedReplyRecord reply = { .id = make_id (KIND_REPLY, i + 1),
                                      .shortcut = (char *) replies[i][0],
                                      .title = (char *) replies[i][1],
                                      .body = (char *) replies[i][2] };
    if (!guiche_canned_reply_store_put (self->db, &reply, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put_customer (Populate *self, guint index, GError **error)
{
  g_autofree char *name = customer_name (index);
  g_autofree char *phone = g_strdup_printf ("5581%09u", 900000000 + index * 7919 % 99999999);
  g_autofree char *document =
      g_strdup_printf ("%011" G_GUINT64_FORMAT, (guint64) index * 104729 % 99999999999);
  g_autofree char *contract = g_strdup_printf ("C-%06u", index + 1000);
  char *phones[] = { phone, NULL }, *emails[] = { NULL };
  GuicheCustomerRecord customer = { .id = make_id (KIND_CUSTOMER, index + 1),
                                    .name = name,
                                    .phones = phones,
                                    .emails = emails,
                                    .document = document,
                                    .contract = contract,
                                    .plan = (char *) (index % 3 == 0 ? "Fibra 500" : "Fibra 300"),
                                    .address = (char *) "Rua das Flores, 123, Recife",
                                    .status = (char *) "active",
                                    .created_at = self->options.now_us,
                                    .updated_at = self->options.now_us };

  return guiche_customer_store_put (self->db, &customer, error);
}

static gboolean
put_message (Populate *self,
             const GuicheConversationRecord *conversation,
             gint64 seq,
             gint64 at,
             GuicheMessageRecord *message,
             GError **error)
{
  guint64 number = next_random (&self->random);
  gboolean is_agent = number % 5 < 2;

  *message = (GuicheMessageRecord){
    .id = make_id (0x100 + (guint) (seq % 0x8000), number),
    .conversation_id = conversation->id,
    .seq = seq,
    .client_id = make_id (0x8000, number),
    .sender_kind = is_agent ? GUICHE_SENDER_AGENT : GUICHE_SENDER_CUSTOMER,
    .sender_id = is_agent ? user_id (number % 2) : conversation->customer_id,
    .sender_name = is_agent ? (char *) user_names[number % 2] : conversation->title,
    .kind = GUICHE_MESSAGE_TEXT,
    .body = (char *) guiche_populate_sentence (number >> 8),
    .at = at,
    .state = GUICHE_DELIVERY_SENT
  };
  return guiche_message_store_put (self->db, message, FALSE, &self->doc, error);
}

/* An eighth closed, an eighth snoozed, a quarter waiting, the rest open and half of those mine. */
static void
set_state (Populate *self, GuicheConversationRecord *record, guint index)
{
  guint part = index % 8;

  record->state = part == 0   ? GUICHE_CONVERSATION_CLOSED
                  : part == 1 ? GUICHE_CONVERSATION_SNOOZED
                  : part < 4  ? GUICHE_CONVERSATION_WAITING
                              : GUICHE_CONVERSATION_OPEN;
  if (part >= 4)
    record->assignee_id = user_id (part % 2);
  if (record->state == GUICHE_CONVERSATION_WAITING)
    record->waiting_since = record->updated_at - MINUTE_US;
  if (record->state == GUICHE_CONVERSATION_SNOOZED)
    record->snoozed_until = self->options.now_us + (gint64) index * MINUTE_US;
  if (record->state == GUICHE_CONVERSATION_CLOSED) {
    record->closed_at = record->updated_at;
    record->close_reason = (char *) "resolvido";
  }
}

static gboolean
put_conversation (Populate *self,
                  GuicheId id,
                  const char *title,
                  guint index,
                  guint n_messages,
                  GError **error)
{
  gint64 first_at =
      self->options.now_us - (gint64) n_messages * MINUTE_US * 7 - (gint64) index * MINUTE_US;
  GuicheReadMarkRecord mark = { .conversation_id = id,
                                .seq = MAX ((gint64) n_messages - index % 5, 0) };
  GuicheMessageRecord message = { 0 };
  GuicheConversationRecord record = {
    .id = id,
    .kind = GUICHE_CONVERSATION_CUSTOMER,
    .channel = (char *) "webchat",
    .customer_id = make_id (KIND_CUSTOMER, index % self->options.n_customers + 1),
    .title = (char *) title,
    .queue = (char *) queues[index % G_N_ELEMENTS (queues)].key,
    .priority = index % 3,
    .last_seq = n_messages,
    .created_at = first_at,
    .opened_at = first_at,
    .updated_at = first_at + (gint64) n_messages * MINUTE_US * 7
  };

  set_state (self, &record, index);
  for (guint seq = 1; seq <= n_messages; seq++)
    if (!put_message (self, &record, seq, first_at + (gint64) seq * MINUTE_US * 7, &message, error))
      return FALSE;
  record.customer_read_seq = record.customer_delivered_seq = n_messages / 2;
  if (n_messages > 0)
    record.last_message = (GuichePreviewRecord){ .seq = message.seq,
                                                 .sender_kind = message.sender_kind,
                                                 .sender_name = message.sender_name,
                                                 .kind = message.kind,
                                                 .body = message.body,
                                                 .at = message.at };
  return guiche_conversation_store_put (self->db, &record, error) &&
         guiche_read_mark_store_raise (self->db, &mark, error);
}

static gboolean
put_channel (Populate *self, GError **error)
{
  GuicheId members[] = { user_id (0), user_id (1), user_id (2) };
  GuicheConversationRecord record = { .id = make_id (KIND_CONVERSATION, 0xff0001),
                                      .kind = GUICHE_CONVERSATION_CHANNEL,
                                      .title = (char *) "suporte",
                                      .state = GUICHE_CONVERSATION_OPEN,
                                      .members = members,
                                      .n_members = G_N_ELEMENTS (members),
                                      .created_at = self->options.now_us - MINUTE_US };

  return guiche_conversation_store_put (self->db, &record, error);
}

static gboolean
put_all (Populate *self, GError **error)
{
  GuicheId me = user_id (0), long_id = GUICHE_ID_NONE;
  guint n = self->options.n_conversations;

  if (!guiche_state_set_id (self->db, "me", &me, error) || !put_people (self, error) ||
      !put_replies (self, error) || !put_channel (self, error))
    return FALSE;
  for (guint i = 0; i < self->options.n_customers; i++)
    if (!put_customer (self, i, error))
      return FALSE;
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = customer_name (i % self->options.n_customers);
    guint n_messages = self->options.n_messages / n + (i < self->options.n_messages % n ? 1 : 0);
    if (!put_conversation (self, make_id (KIND_CONVERSATION, i + 1), name, i, n_messages, error))
      return FALSE;
  }
  guiche_id_parse (GUICHE_POPULATE_LONG_ID, &long_id);
  if (self->options.n_long > 0 &&
      !put_conversation (self, long_id, "Maria da Conversa Longa", 7, self->options.n_long, error))
    return FALSE;
  return guiche_state_set_number (self->db, "doc", self->doc, error) &&
         guiche_state_set_number (self->db, "seq", 1, error);
}

gboolean
guiche_populate_cache (const char *directory, const GuichePopulate *options, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "cache.db", NULL);
  g_autoptr (GuicheDatabase) db = NULL;
  Populate self = { .options = *options };

  self.options.n_conversations = options->n_conversations > 0 ? options->n_conversations : 40;
  self.options.n_messages = options->n_messages > 0 ? options->n_messages : 1000;
  self.options.n_customers =
      options->n_customers > 0 ? options->n_customers : self.options.n_conversations;
  self.options.now_us = options->now_us > 0 ? options->now_us : g_get_real_time ();
  self.random = options->seed > 0 ? options->seed : 1;
  g_mkdir_with_parents (directory, 0700);
  db = guiche_database_open (path, GUICHE_DATABASE_WRITE, error);
  if (db == NULL || !guiche_database_create (db, guiche_cache_schema, GUICHE_CACHE_VERSION, error))
    return FALSE;
  self.db = db;
  if (!guiche_database_begin (db, error))
    return FALSE;
  if (!put_all (&self, error)) {
    guiche_database_rollback (db);
    return FALSE;
  }
  return guiche_database_commit (db, error);
}
