/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "model/desk-private.h"

#include <string.h>

/* Who stops without saying so is forgotten after this time. */
#define TYPING_US (6 * G_USEC_PER_SEC)
/* How often the server is told that one is still typing. */
#define TELL_TYPING_US (3 * G_USEC_PER_SEC)

typedef struct {
  char *name;   /* (owned) */
  gint64 until; /* monotonic */
} Typist;

static void
free_typist (gpointer data)
{
  Typist *typist = data;

  g_free (typist->name);
  g_free (typist);
}

/* Typing. */

/* Names, without those whose time is over; NULL when nobody is left. */
static char *
list_typists (GHashTable *typists)
{
  g_autoptr (GString) names = g_string_new (NULL);
  gint64 now = g_get_monotonic_time ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, typists);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    Typist *typist = value;
    if (typist->until <= now)
      g_hash_table_iter_remove (&iter);
    else
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", typist->name);
  }
  return names->len > 0 ? g_string_free (g_steal_pointer (&names), FALSE) : NULL;
}

static void
show_typists (GuicheDesk *self, const char *conversation_id, GHashTable *typists)
{
  GuicheConversation *conversation = g_hash_table_lookup (self->conversations, conversation_id);
  g_autofree char *names = list_typists (typists);

  if (conversation != NULL)
    guiche_conversation_set_typing (conversation, names);
}

static gboolean
on_typing_timer (gpointer user_data)
{
  GuicheDesk *self = user_data;
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, self->typing);
  while (g_hash_table_iter_next (&iter, &key, &value)) {
    show_typists (self, key, value);
    if (g_hash_table_size (value) == 0)
      g_hash_table_iter_remove (&iter);
  }
  if (g_hash_table_size (self->typing) > 0)
    return G_SOURCE_CONTINUE;
  self->typing_timer = 0;
  return G_SOURCE_REMOVE;
}

static void
take_typing (GuicheDesk *self, JsonObject *op)
{
  const char *conversation_id = NULL, *id = NULL, *name = NULL;
  JsonObject *user = NULL;
  gboolean is_typing = FALSE;
  GHashTable *typists;

  if (!guiche_json_get_string (op, "conversation_id", TRUE, &conversation_id, NULL) ||
      !guiche_json_get_object (op, "user", TRUE, &user, NULL) ||
      !guiche_json_get_bool (op, "is_typing", TRUE, &is_typing, NULL))
    return;
  guiche_json_get_string (user, "id", FALSE, &id, NULL);
  guiche_json_get_string (user, "name", FALSE, &name, NULL);
  if (name == NULL || (id != NULL && g_strcmp0 (id, self->me_id) == 0))
    return;
  typists = g_hash_table_lookup (self->typing, conversation_id);
  if (typists == NULL) {
    typists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_typist);
    g_hash_table_insert (self->typing, g_strdup (conversation_id), typists);
  }
  if (is_typing) {
    Typist *typist = g_new0 (Typist, 1);
    typist->name = g_strdup (name);
    typist->until = g_get_monotonic_time () + TYPING_US;
    g_hash_table_replace (typists, g_strdup (id != NULL ? id : name), typist);
  } else {
    g_hash_table_remove (typists, id != NULL ? id : name);
  }
  show_typists (self, conversation_id, typists);
  if (self->typing_timer == 0)
    self->typing_timer = g_timeout_add_seconds (1, on_typing_timer, self);
}

/* Viewing and presence. */

static void
take_viewing (GuicheDesk *self, JsonObject *op)
{
  g_autoptr (GString) names = g_string_new (NULL);
  GuicheConversation *conversation;
  const char *conversation_id = NULL;
  JsonArray *users = NULL;

  if (!guiche_json_get_string (op, "conversation_id", TRUE, &conversation_id, NULL) ||
      !guiche_json_get_array (op, "user_ids", TRUE, &users, NULL))
    return;
  conversation = g_hash_table_lookup (self->conversations, conversation_id);
  if (conversation == NULL)
    return;
  for (guint i = 0; i < json_array_get_length (users); i++) {
    const char *id = json_array_get_string_element (users, i);
    GuichePerson *person = id != NULL ? g_hash_table_lookup (self->persons, id) : NULL;
    if (person != NULL && g_strcmp0 (id, self->me_id) != 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "",
                              guiche_person_get_name (person));
  }
  guiche_conversation_set_viewers (conversation, names->len > 0 ? names->str : NULL);
}

static void
take_presence (GuicheDesk *self, JsonObject *item)
{
  const char *id = NULL, *status = NULL;
  GuichePerson *person;

  if (!guiche_json_get_string (item, "user_id", TRUE, &id, NULL) ||
      !guiche_json_get_string (item, "status", TRUE, &status, NULL))
    return;
  person = g_hash_table_lookup (self->persons, id);
  if (person != NULL)
    guiche_person_set_presence (person, status);
}

static void
set_all_offline (GuicheDesk *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->persons);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    guiche_person_set_presence (value, "offline");
}

static void
take_presences (GuicheDesk *self, JsonObject *op)
{
  JsonArray *items = NULL;

  if (!guiche_json_get_array (op, "items", TRUE, &items, NULL))
    return;
  set_all_offline (self);
  for (guint i = 0; i < json_array_get_length (items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)))
      take_presence (self, json_array_get_object_element (items, i));
}

void
guiche_desk_take_op (GuicheDesk *self, JsonObject *object)
{
  static const struct {
    const char *op;
    void (*take) (GuicheDesk *self, JsonObject *op);
  } rows[] = {
    { "typing", take_typing },
    { "viewing", take_viewing },
    { "presence", take_presence },
    { "presences", take_presences },
  };

  const char *op = NULL;

  if (!guiche_json_get_string (object, "op", TRUE, &op, NULL))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].op, op) == 0)
      rows[i].take (self, object);
}

void
guiche_desk_clear_live (GuicheDesk *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_remove_all (self->typing);
  g_hash_table_iter_init (&iter, self->conversations);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    guiche_conversation_set_typing (value, NULL);
    guiche_conversation_set_viewers (value, NULL);
  }
  set_all_offline (self);
}

/* What one does oneself. */

static void
send_op (GuicheDesk *self, GuicheJsonWriter *writer)
{
  guiche_json_writer_end_object (writer);
  guiche_stream_send (guiche_sync_get_stream (self->sync), guiche_json_writer_peek (writer, NULL));
}

static GuicheJsonWriter *
begin_op (const char *op)
{
  GuicheJsonWriter *writer = guiche_json_writer_new ();

  guiche_json_writer_begin_object (writer);
  guiche_json_writer_member_string (writer, "op", op);
  return writer;
}

/**
 * guiche_desk_set_typing:
 *
 * Call it with each keystroke: the server is told when it begins, every three seconds, and when it
 * ends.
 */
void
guiche_desk_set_typing (GuicheDesk *self, GuicheConversation *conversation, gboolean is_typing)
{
  g_autoptr (GuicheJsonWriter) writer = NULL;
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (GUICHE_IS_DESK (self) && GUICHE_IS_CONVERSATION (conversation));
  if (is_typing ? now - self->typing_told_at < TELL_TYPING_US : self->typing_told_at == 0)
    return;
  self->typing_told_at = is_typing ? now : 0;
  writer = begin_op ("typing");
  guiche_json_writer_member_string (writer, "conversation_id",
                                    guiche_conversation_get_id (conversation));
  guiche_json_writer_member_bool (writer, "is_typing", is_typing);
  send_op (self, writer);
}

static void
tell_viewing (GuicheDesk *self)
{
  g_autoptr (GuicheJsonWriter) writer = begin_op ("viewing");

  guiche_json_writer_member_string (writer, "conversation_id", self->viewing);
  send_op (self, writer);
}

/**
 * guiche_desk_set_viewing:
 * @conversation: (nullable): none
 *
 * Tells colleagues what one looks at, again after each reconnection.
 */
void
guiche_desk_set_viewing (GuicheDesk *self, GuicheConversation *conversation)
{
  g_return_if_fail (GUICHE_IS_DESK (self));
  g_free (self->viewing);
  self->viewing =
      conversation != NULL ? g_strdup (guiche_conversation_get_id (conversation)) : NULL;
  self->typing_told_at = 0;
  tell_viewing (self);
}

void
guiche_desk_tell_presence (GuicheDesk *self)
{
  g_autoptr (GuicheJsonWriter) writer = begin_op ("presence");

  guiche_json_writer_member_string (writer, "status", self->presence);
  send_op (self, writer);
  if (self->viewing != NULL)
    tell_viewing (self);
}

/**
 * guiche_desk_set_presence:
 * @status: `available`, `busy` or `away`
 *
 * Tells colleagues, now and after each reconnection.
 */
void
guiche_desk_set_presence (GuicheDesk *self, const char *status)
{
  g_return_if_fail (GUICHE_IS_DESK (self) && status != NULL);
  g_free (self->presence);
  self->presence = g_strdup (status);
  guiche_person_set_presence (self->me, status);
  guiche_desk_tell_presence (self);
}
