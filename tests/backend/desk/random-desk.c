/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "random-desk.h"

static const char *const queues[] = { "technical_urgent", "technical_normal", "commercial",
                                      "financial", "cancellation" };
static const char *const words[] = { "bom dia",     "sem internet", "boleto",
                                     "@bruno veja", "luz vermelha", "até já" };

static guint
pick (RandomDesk *self, guint n)
{
  return (guint) g_rand_int_range (self->random, 0, (gint32) n);
}

#define PICK(self, array) ((array)[pick (self, G_N_ELEMENTS (array))])

static const GuicheTestPerson *
pick_person (RandomDesk *self)
{
  const GuicheTestPerson *people[] = { &self->desk->ana, &self->desk->bruno, &self->desk->carla,
                                       &self->desk->sofia };

  return PICK (self, people);
}

static const char *
pick_from (RandomDesk *self, GPtrArray *array)
{
  return array->len == 0 ? "/api/v1/nothing" : g_ptr_array_index (array, pick (self, array->len));
}

/* A 4xx is an answer too; anything else fails the test. */
static JsonNode *
call (RandomDesk *self,
      const GuicheTestPerson *person,
      const char *method,
      const char *path,
      char *body)
{
  g_autofree char *owned = body;
  guint status = 0;
  JsonNode *answer =
      owned == NULL ? guiche_test_call (self->desk, person, &status, method, path, NULL)
                    : guiche_test_call (self->desk, person, &status, method, path, "%s", owned);

  if (status >= 500)
    g_error ("%s %s: %u %s", method, path, status, json_to_string (answer, FALSE));
  if (status < 300) {
    self->n_done++;
    return answer;
  }
  self->n_refused++;
  g_clear_pointer (&answer, json_node_unref);
  return NULL;
}

static void
call_only (RandomDesk *self,
           const GuicheTestPerson *person,
           const char *method,
           const char *path,
           char *body)
{
  JsonNode *answer = call (self, person, method, path, body);

  g_clear_pointer (&answer, json_node_unref);
}

static const char *
answer_id (JsonNode *answer)
{
  return json_object_get_string_member (json_node_get_object (answer), "id");
}

static char *
conversation_path (RandomDesk *self, const char *rest)
{
  if (self->channels->len > 0 && pick (self, 6) == 0)
    return g_strconcat ("/api/v1/conversations/", pick_from (self, self->channels), rest, NULL);
  return guiche_test_path (&self->visitors[pick (self, self->n_visitors)].conversation_id, rest);
}

static void
visit (RandomDesk *self)
{
  if (self->n_visitors < RANDOM_DESK_VISITORS)
    self->visitors[self->n_visitors++] =
        guiche_test_visit (self->desk, "Cliente", PICK (self, queues));
}

static void
visitor_writes (RandomDesk *self)
{
  guiche_test_write_as_visitor (self->desk, &self->visitors[pick (self, self->n_visitors)],
                                PICK (self, words));
  self->n_done++;
}

static void
visitor_reads (RandomDesk *self)
{
  guiche_test_read_as_visitor (
      self->desk, &self->visitors[pick (self, self->n_visitors)],
      pick (self, 2) == 0 ? GUICHE_DELIVERY_READ : GUICHE_DELIVERY_DELIVERED, 1 + pick (self, 20));
}

static void
say (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/messages");
  g_autofree char *client_id = guiche_test_client_id (self->desk);
  g_autoptr (JsonNode) answer = call (
      self, pick_person (self), "POST", path,
      g_strdup_printf ("{\"client_id\":\"%s\",\"body\":\"%s\",\"kind\":\"%s\"}", client_id,
                       PICK (self, words), pick (self, 4) == 0 ? "note" : "text"));

  if (answer != NULL)
    g_ptr_array_add (self->messages, g_strconcat (path, "/", answer_id (answer), NULL));
}

static void
act (RandomDesk *self)
{
  static const char *const actions[] = { "/accept", "/accept", "/pending", "/reopen" };
  g_autofree char *path = conversation_path (self, PICK (self, actions));

  call_only (self, pick_person (self), "POST", path, g_strdup ("{}"));
}

static void
close_one (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/close");

  call_only (self, pick_person (self), "POST", path, g_strdup ("{\"reason\":\"resolvido\"}"));
}

static void
snooze (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/snooze");
  gint64 until = guiche_clock_now_us (self->desk->store->clock) + G_TIME_SPAN_MINUTE;

  call_only (self, pick_person (self), "POST", path,
             g_strdup_printf ("{\"until\":%" G_GINT64_FORMAT "}", until));
}

static void
assign (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/assign");
  g_autofree char *user = guiche_id_dup_string (&pick_person (self)->id);

  call_only (self, pick_person (self), "POST", path,
             g_strdup_printf ("{\"user_id\":\"%s\"}", user));
}

static void
transfer (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/transfer");
  g_autofree char *user = guiche_id_dup_string (&pick_person (self)->id);
  char *body =
      pick (self, 2) == 0
          ? g_strdup_printf ("{\"queue\":\"%s\",\"note\":\"veja isto\"}", PICK (self, queues))
          : g_strdup_printf ("{\"queue\":\"%s\",\"user_id\":\"%s\"}", PICK (self, queues), user);

  call_only (self, pick_person (self), "POST", path, body);
}

static void
edit (RandomDesk *self)
{
  call_only (self, pick_person (self), "PATCH", pick_from (self, self->messages),
             g_strdup_printf ("{\"body\":\"%s\"}", PICK (self, words)));
}

static void delete (RandomDesk *self)
{
  call_only (self, pick_person (self), "DELETE", pick_from (self, self->messages), NULL);
}

static void
read_mark (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/read");

  call_only (self, pick_person (self), "POST", path,
             g_strdup_printf ("{\"seq\":%u}", pick (self, 30)));
}

static void
draft (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/draft");

  call_only (self, pick_person (self), "PUT", path,
             g_strdup_printf ("{\"body\":\"%s\"}", pick (self, 3) == 0 ? "" : PICK (self, words)));
}

static void
schedule (RandomDesk *self)
{
  g_autofree char *path = conversation_path (self, "/messages");
  g_autofree char *client_id = guiche_test_client_id (self->desk);
  gint64 at = guiche_clock_now_us (self->desk->store->clock) + G_TIME_SPAN_MINUTE;
  g_autoptr (JsonNode) answer = call (
      self, pick_person (self), "POST", path,
      g_strdup_printf ("{\"client_id\":\"%s\",\"body\":\"mais tarde\",\"send_at\":%" G_GINT64_FORMAT
                       "}",
                       client_id, at));

  if (answer != NULL)
    g_ptr_array_add (self->scheduled, g_strconcat ("/api/v1/scheduled/", answer_id (answer), NULL));
}

static void
unschedule (RandomDesk *self)
{
  call_only (self, pick_person (self), "DELETE", pick_from (self, self->scheduled), NULL);
}

static void
save_reply (RandomDesk *self)
{
  g_autoptr (JsonNode) answer =
                 call (self, &self->desk->sofia, "POST", "/api/v1/canned-replies",
                       g_strdup_printf ("{\"shortcut\":\"r%u\",\"title\":\"Olá\",\"body\":\"%s\"}",
                                        pick (self, 9), PICK (self, words)));

  if (answer != NULL)
    g_ptr_array_add (self->replies,
                     g_strconcat ("/api/v1/canned-replies/", answer_id (answer), NULL));
}

static void
change_reply (RandomDesk *self)
{
  if (pick (self, 2) == 0)
    call_only (self, &self->desk->sofia, "DELETE", pick_from (self, self->replies), NULL);
  else
    call_only (self, &self->desk->sofia, "PATCH", pick_from (self, self->replies),
               g_strdup ("{\"title\":\"Outro\"}"));
}

static void
change_queue (RandomDesk *self)
{
  g_autofree char *path = g_strconcat ("/api/v1/queues/", PICK (self, queues), NULL);
  g_autofree char *one = guiche_id_dup_string (&pick_person (self)->id);
  g_autofree char *other = guiche_id_dup_string (&pick_person (self)->id);

  call_only (self, &self->desk->sofia, "PATCH", path,
             g_strdup_printf ("{\"members\":[\"%s\",\"%s\"]}", one, other));
}

static void
rename_customer (RandomDesk *self)
{
  g_autofree char *id = guiche_id_dup_string (&self->visitors[pick (self, self->n_visitors)].id);
  g_autofree char *path = g_strconcat ("/api/v1/customers/", id, NULL);

  call_only (self, pick_person (self), "PATCH", path,
             g_strdup_printf ("{\"name\":\"Cliente %u\",\"plan\":\"%u Mega\"}", pick (self, 9),
                              pick (self, 900)));
}

static void
make_channel (RandomDesk *self)
{
  g_autofree char *other = guiche_id_dup_string (&pick_person (self)->id);
  g_autoptr (JsonNode) answer = NULL;

  if (pick (self, 2) == 0)
    answer = call (self, pick_person (self), "POST", "/api/v1/direct",
                   g_strdup_printf ("{\"user_id\":\"%s\"}", other));
  else
    answer = call (
        self, pick_person (self), "POST", "/api/v1/channels",
        g_strdup_printf ("{\"name\":\"canal %u\",\"members\":[\"%s\"]}", pick (self, 4), other));
  if (answer != NULL)
    g_ptr_array_add (self->channels, g_strdup (answer_id (answer)));
}

static void
change_channel (RandomDesk *self)
{
  const char *id = pick_from (self, self->channels);
  g_autofree char *join = g_strconcat ("/api/v1/channels/", id, "/join", NULL);
  g_autofree char *leave = g_strconcat ("/api/v1/channels/", id, "/leave", NULL);
  g_autofree char *members = g_strconcat ("/api/v1/channels/", id, "/members", NULL);
  g_autofree char *other = guiche_id_dup_string (&pick_person (self)->id);

  switch (pick (self, 3)) {
  case 0:
    call_only (self, pick_person (self), "POST", join, g_strdup ("{}"));
    break;
  case 1:
    call_only (self, pick_person (self), "POST", leave, g_strdup ("{}"));
    break;
  default:
    call_only (self, pick_person (self), "POST", members,
               g_strdup_printf ("{\"members\":[\"%s\"]}", other));
    break;
  }
}

static void
time_passes (RandomDesk *self)
{
  guiche_clock_advance (self->desk->store->clock, 20 * G_TIME_SPAN_SECOND);
  guiche_test_run_jobs (self->desk);
}

/* --- choosing
 * -------------------------------------------------------------------------------------- */

static const struct {
  const char *name;
  guint weight;
  void (*run) (RandomDesk *self);
} steps[] = {
  { "visit", 6, visit },
  { "visitor writes", 14, visitor_writes },
  { "visitor reads", 8, visitor_reads },
  { "say", 24, say },
  { "accept, pending, reopen", 14, act },
  { "close", 4, close_one },
  { "snooze", 5, snooze },
  { "assign", 6, assign },
  { "transfer", 8, transfer },
  { "edit", 8, edit },
  { "delete", 4, delete },
  { "read mark", 10, read_mark },
  { "draft", 8, draft },
  { "schedule", 6, schedule },
  { "unschedule", 3, unschedule },
  { "save reply", 3, save_reply },
  { "change reply", 3, change_reply },
  { "change queue", 4, change_queue },
  { "rename customer", 4, rename_customer },
  { "make channel", 4, make_channel },
  { "change channel", 5, change_channel },
  { "time passes", 10, time_passes },
};

const char *
random_desk_step (RandomDesk *self)
{
  guint total = 0, chosen, i = 0;

  for (gsize n = 0; n < G_N_ELEMENTS (steps); n++)
    total += steps[n].weight;
  chosen = pick (self, total);
  while (chosen >= steps[i].weight)
    chosen -= steps[i++].weight;
  steps[i].run (self);
  return steps[i].name;
}

void
random_desk_init (RandomDesk *self, GuicheTestDesk *desk, guint32 seed)
{
  *self = (RandomDesk){ .desk = desk, .random = g_rand_new_with_seed (seed) };
  self->messages = g_ptr_array_new_with_free_func (g_free);
  self->replies = g_ptr_array_new_with_free_func (g_free);
  self->scheduled = g_ptr_array_new_with_free_func (g_free);
  self->channels = g_ptr_array_new_with_free_func (g_free);
  visit (self);
}

void
random_desk_clear (RandomDesk *self)
{
  g_rand_free (self->random);
  g_ptr_array_unref (self->messages);
  g_ptr_array_unref (self->replies);
  g_ptr_array_unref (self->scheduled);
  g_ptr_array_unref (self->channels);
}
