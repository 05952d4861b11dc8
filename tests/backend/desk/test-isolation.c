/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/message.h"
#include "desk/routes.h"
#include "support/desk.h"

#include <string.h>

/* Nobody reaches what is not theirs (reliability: I5). The matrix is made from the route tables:
 * every route with a place in its path is called with ids of another company, of another queue, of
 * a channel one is not in, and by visitors; a new route is in it by being in its table, and without
 * a body below it fails here. */

static const struct {
  const char *method;
  const char *path;
  const char *body; /* a legal one; %s is a free client_id */
} bodies[] = {
  { "POST", "/api/v1/conversations/{id}/messages", "{\"client_id\":\"%s\",\"body\":\"oi\"}" },
  { "PATCH", "/api/v1/conversations/{id}/messages/{message_id}", "{\"body\":\"outro\"}" },
  { "POST", "/api/v1/conversations/{id}/read", "{\"seq\":1}" },
  { "PUT", "/api/v1/conversations/{id}/draft", "{\"body\":\"rascunho\"}" },
  { "POST", "/api/v1/conversations/{id}/accept", "{}" },
  { "POST", "/api/v1/conversations/{id}/assign",
    "{\"user_id\":\"01980000-0000-7000-8000-000000000001\"}" },
  { "POST", "/api/v1/conversations/{id}/transfer", "{\"queue\":\"commercial\"}" },
  { "POST", "/api/v1/conversations/{id}/close", "{\"reason\":\"resolvido\"}" },
  { "POST", "/api/v1/conversations/{id}/snooze", "{\"until\":1763625797000000}" },
  { "POST", "/api/v1/conversations/{id}/reopen", "{}" },
  { "POST", "/api/v1/conversations/{id}/pending", "{}" },
  { "POST", "/api/v1/channels/{id}/join", "{}" },
  { "POST", "/api/v1/channels/{id}/leave", "{}" },
  { "POST", "/api/v1/channels/{id}/members", "{\"members\":[]}" },
  { "PATCH", "/api/v1/customers/{id}", "{\"name\":\"Outro\"}" },
  { "PATCH", "/api/v1/canned-replies/{id}", "{\"title\":\"Outro\"}" },
  { "PATCH", "/api/v1/queues/{key}", "{\"name\":\"Outra\"}" },
};

typedef struct {
  char *conversation_id;
  char *message_id;
  char *customer_id;
  char *reply_id;
  char *scheduled_id;
  char *file_id;
} Ids;

static void
ids_clear (Ids *ids)
{
  g_free (ids->conversation_id);
  g_free (ids->message_id);
  g_free (ids->customer_id);
  g_free (ids->reply_id);
  g_free (ids->scheduled_id);
  g_free (ids->file_id);
}

static const char *
find_body (const GuicheRoute *route)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    if (g_str_equal (bodies[i].method, route->method) && g_str_equal (bodies[i].path, route->path))
      return bodies[i].body;
  if (strchr (route->path, '{') == NULL)
    return NULL;
  if (route->request != NULL)
    g_error ("%s %s: no body for it in the matrix", route->method, route->path);
  return NULL;
}

static const char *
id_for (const GuicheRoute *route, const Ids *ids)
{
  if (strstr (route->path, "/customers/") != NULL)
    return ids->customer_id;
  if (strstr (route->path, "/canned-replies/") != NULL)
    return ids->reply_id;
  if (strstr (route->path, "/scheduled/") != NULL)
    return ids->scheduled_id;
  if (strstr (route->path, "/files/") != NULL)
    return ids->file_id;
  return ids->conversation_id;
}

static char *
make_path (const GuicheRoute *route, const Ids *ids)
{
  GString *path = g_string_new (route->path);

  g_string_replace (path, "{id}", id_for (route, ids) == NULL ? "nada" : id_for (route, ids), 1);
  g_string_replace (path, "{message_id}", ids->message_id, 1);
  g_string_replace (path, "{key}", "nenhuma", 1);
  return g_string_free (path, FALSE);
}

/* Calls each route that @wanted says with @ids and asserts the one status. */
static void
call_each (GuicheTestDesk *desk,
           const GuicheTestPerson *person,
           const Ids *ids,
           guint status,
           gboolean (*wanted) (const GuicheRoute *route))
{
  for (const GuicheRoute *const *table = guiche_desk_routes (); *table != NULL; table++)
    for (const GuicheRoute *route = *table; route->method != NULL; route++) {
      g_autofree char *client_id = guiche_test_client_id (desk);
      g_autofree char *path = make_path (route, ids);
      g_autofree char *body = NULL;
      GString *text;

      if (!wanted (route))
        continue;
      if (find_body (route) == NULL) {
        guiche_test_expect (desk, person, status, route->method, path, NULL);
        continue;
      }
      text = g_string_new (find_body (route));
      g_string_replace (text, "%s", client_id, 1);
      body = g_string_free (text, FALSE);
      guiche_test_expect (desk, person, status, route->method, path, "%s", body);
    }
}

static gboolean
has_place (const GuicheRoute *route)
{
  return strchr (route->path, '{') != NULL;
}

static gboolean
is_of_conversation (const GuicheRoute *route)
{
  return strstr (route->path, "/conversations/{id}") != NULL;
}

static gboolean
is_of_member (const GuicheRoute *route)
{
  return is_of_conversation (route) ||
         (strstr (route->path, "/channels/{id}") != NULL && strstr (route->path, "/join") == NULL);
}

static gboolean
is_any (const GuicheRoute *route)
{
  return route->max_body == 0;
}

typedef struct {
  GuicheTestPerson *owner;
  GuicheFile file;
} NewFile;

static gboolean
run_new_file (GuicheTx *tx, gpointer data, GError **error)
{
  NewFile *new_file = data;

  new_file->file.owner = new_file->owner->id;
  return guiche_file_insert (tx, &new_file->file, error);
}

static char *
upload (GuicheTestDesk *desk, GuicheTestPerson *owner)
{
  NewFile new_file = { .owner = owner };
  g_autoptr (GError) error = NULL;
  g_autoptr (GuicheUpload) received = guiche_upload_new (desk->store->tenant, 1024, &error);
  char *id;

  g_assert_true (guiche_upload_write (received, "conta de luz", 12, &error));
  g_assert_true (
      guiche_upload_finish (received, "conta.txt", "text/plain", &new_file.file, &error));
  guiche_test_write (desk->store, NULL, run_new_file, &new_file);
  id = guiche_id_dup_string (&new_file.file.id);
  guiche_file_clear (&new_file.file);
  return id;
}

/* A conversation of bruno's queue with all that can hang on one. */
static Ids
furnish (GuicheTestDesk *desk, GuicheTestPerson *out_visitor)
{
  GuicheTestPerson visitor = guiche_test_visit (desk, "Maria", "financial");
  g_autofree char *accept = guiche_test_path (&visitor.conversation_id, "/accept");
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  Ids ids = { 0 };

  ids.conversation_id = guiche_id_dup_string (&visitor.conversation_id);
  ids.customer_id = guiche_id_dup_string (&visitor.id);
  ids.file_id = upload (desk, &desk->bruno);
  guiche_test_expect (desk, &desk->bruno, 200, "POST", accept, "{}");
  ids.message_id = g_strdup (json_object_get_string_member (
      guiche_test_expect (
          desk, &desk->bruno, 201, "POST", messages,
          "{\"client_id\":\"01990000-0000-7000-8000-000000000001\",\"body\":\"segue\","
          "\"kind\":\"file\",\"attachments\":[{\"file_id\":\"%s\"}]}",
          ids.file_id),
      "id"));
  ids.scheduled_id = g_strdup (json_object_get_string_member (
      guiche_test_expect (
          desk, &desk->bruno, 201, "POST", messages,
          "{\"client_id\":\"01990000-0000-7000-8000-000000000002\",\"body\":\"depois\","
          "\"send_at\":%" G_GINT64_FORMAT "}",
          guiche_clock_now_us (desk->store->clock) + G_TIME_SPAN_HOUR),
      "id"));
  ids.reply_id = g_strdup (json_object_get_string_member (
      guiche_test_expect (desk, &desk->sofia, 201, "POST", "/api/v1/canned-replies",
                          "{\"shortcut\":\"ola\",\"title\":\"Olá\",\"body\":\"Olá!\"}"),
      "id"));
  *out_visitor = visitor;
  return ids;
}

/* --- the matrix
 * -------------------------------------------------------------------------------------- */

/* Every role against another company's ids: they do not exist, and the answer is the same as for
 * ids that exist nowhere. */
static void
test_foreign_company (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autoptr (GuicheTestDesk) other = guiche_test_desk_new ();
  GuicheTestPerson visitor;
  Ids ids;

  /* Both are made from the same seed: one of them moves on, so that no id is in both. */
  guiche_clock_advance (other->store->clock, G_TIME_SPAN_HOUR);
  ids = furnish (other, &visitor);
  call_each (desk, &desk->sofia, &ids, 404, has_place);
  ids_clear (&ids);
}

static void
test_foreign_queue (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  gint64 n_messages, last_event;
  GuicheTestPerson visitor;
  g_autofree char *path = NULL;
  Ids ids = furnish (desk, &visitor);

  n_messages = guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages");
  last_event = guiche_test_number (desk->store, "SELECT MAX(seq) FROM events");
  call_each (desk, &desk->carla, &ids, 404, is_of_conversation);
  call_each (desk, &desk->ana, &ids, 404, is_of_conversation);
  path = g_strconcat ("/api/v1/files/", ids.file_id, NULL);
  guiche_test_expect (desk, &desk->carla, 404, "GET", path, NULL);
  guiche_test_expect (desk, &desk->sofia, 200, "GET", path, NULL);
  g_free (path);
  path = g_strconcat ("/api/v1/scheduled/", ids.scheduled_id, NULL);
  guiche_test_expect (desk, &desk->sofia, 404, "DELETE", path, NULL);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT COUNT(*) FROM messages"), ==,
                   n_messages);
  g_assert_cmpint (guiche_test_number (desk->store, "SELECT MAX(seq) FROM events"), ==, last_event);
  ids_clear (&ids);
}

/* Not even an admin reads what colleagues say among themselves. */
static void
test_channels_of_others (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  g_autofree char *bruno = guiche_id_dup_string (&desk->bruno.id);
  static const char *const paths[] = { "/api/v1/channels", "/api/v1/direct" };

  for (int i = 0; i < 2; i++) {
    JsonObject *answer =
        i == 0 ? guiche_test_expect (desk, &desk->ana, 201, "POST", paths[i],
                                     "{\"name\":\"suporte\",\"members\":[\"%s\"]}", bruno)
               : guiche_test_expect (desk, &desk->ana, 201, "POST", paths[i],
                                     "{\"user_id\":\"%s\"}", bruno);
    Ids ids = { .conversation_id = g_strdup (json_object_get_string_member (answer, "id")) };

    ids.message_id = g_strdup (ids.conversation_id);
    call_each (desk, &desk->sofia, &ids, 404, is_of_member);
    call_each (desk, &desk->carla, &ids, 404, is_of_member);
    ids_clear (&ids);
  }
}

static void
test_visitors (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor;
  Ids ids = furnish (desk, &visitor);

  call_each (desk, &visitor, &ids, 403, is_any);
  ids_clear (&ids);
}

static void
test_agents_do_not_administer (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();

  guiche_test_expect (desk, &desk->ana, 403, "PATCH", "/api/v1/queues/financial",
                      "{\"members\":[]}");
  guiche_test_expect (desk, &desk->ana, 403, "POST", "/api/v1/canned-replies",
                      "{\"shortcut\":\"x\",\"title\":\"x\",\"body\":\"x\"}");
}

/* --- lists, search and notes
 * ----------------------------------------------------------------------------- */

static guint
count (JsonObject *answer, const char *name)
{
  return json_array_get_length (json_object_get_array_member (answer, name));
}

static void
test_lists (void)
{
  static const char *const views[] = { "mine", "queue", "all", "closed", "snoozed", "channels" };
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor;
  Ids ids = furnish (desk, &visitor);

  for (gsize i = 0; i < G_N_ELEMENTS (views); i++) {
    g_autofree char *path = g_strconcat ("/api/v1/conversations?view=", views[i], NULL);

    g_assert_cmpuint (
        count (guiche_test_expect (desk, &desk->carla, 200, "GET", path, NULL), "items"), ==, 0);
  }
  g_assert_cmpuint (
      count (guiche_test_expect (desk, &desk->carla, 200, "GET", "/api/v1/search?q=segue", NULL),
             "messages"),
      ==, 0);
  g_assert_cmpuint (
      count (guiche_test_expect (desk, &desk->bruno, 200, "GET", "/api/v1/search?q=segue", NULL),
             "messages"),
      ==, 1);
  g_assert_cmpuint (
      count (guiche_test_expect (desk, &desk->carla, 200, "GET", "/api/v1/snapshot", NULL),
             "messages"),
      ==, 0);
  ids_clear (&ids);
}

typedef struct {
  GuicheId conversation_id;
  GuicheViewer *viewer;
  guint n_notes;
} Notes;

static gboolean
run_count_notes (GuicheTx *tx, gpointer data, GError **error)
{
  Notes *notes = data;
  GuicheMessagePage page = { .limit = 100, .is_public = TRUE };
  g_autoptr (GuicheConversation) conversation =
                 guiche_conversation_load (tx, &notes->conversation_id, error);
  gboolean has_more = FALSE;
  gint64 next = 0;
  g_autoptr (GPtrArray) messages = guiche_messages_read (tx, conversation, &page, &has_more, error);
  g_autoptr (GPtrArray) events =
                 guiche_events_read (tx, 0, 1000, notes->viewer, &next, &has_more, error);

  for (guint i = 0; i < messages->len; i++)
    notes->n_notes += ((GuicheMessageRecord *) messages->pdata[i])->kind == GUICHE_MESSAGE_NOTE;
  for (guint i = 0; i < events->len; i++) {
    GBytes *wire = ((GuicheEvent *) events->pdata[i])->wire;
    g_autofree char *text = g_strndup (g_bytes_get_data (wire, NULL), g_bytes_get_size (wire));

    notes->n_notes += strstr (text, "segredo") != NULL;
  }
  return TRUE;
}

/* In no page, no event, no preview, no quotation, no file. */
static void
test_notes_stay_inside (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor;
  Ids ids = furnish (desk, &visitor);
  g_autofree char *messages = guiche_test_path (&visitor.conversation_id, "/messages");
  g_autofree char *note = NULL;
  g_autoptr (GuicheViewer) viewer = guiche_test_viewer (desk, &visitor);
  Notes notes = { visitor.conversation_id, viewer, 0 };

  note = g_strconcat (
      messages, "/",
      json_object_get_string_member (
          guiche_test_expect (
              desk, &desk->bruno, 201, "POST", messages,
              "{\"client_id\":\"01990000-0000-7000-8000-000000000009\",\"body\":\"segredo\","
              "\"kind\":\"note\"}"),
          "id"),
      NULL);
  guiche_test_expect (desk, &desk->bruno, 200, "PATCH", note, "{\"body\":\"segredo maior\"}");
  guiche_test_say (desk, &desk->bruno, &visitor.conversation_id, "pronto");
  guiche_test_expect (desk, &desk->bruno, 200, "DELETE", note, NULL);
  guiche_test_read (desk->store, NULL, run_count_notes, &notes);
  g_assert_cmpuint (notes.n_notes, ==, 0);
  ids_clear (&ids);
}

/* A file is sent by who uploaded it, in a conversation of theirs. */
static void
test_files_of_others (void)
{
  g_autoptr (GuicheTestDesk) desk = guiche_test_desk_new ();
  GuicheTestPerson visitor;
  Ids ids = furnish (desk, &visitor);
  GuicheTestPerson own = guiche_test_visit (desk, "João", "technical_normal");
  g_autofree char *messages = guiche_test_path (&own.conversation_id, "/messages");

  guiche_test_expect (desk, &desk->ana, 404, "POST", messages,
                      "{\"client_id\":\"01990000-0000-7000-8000-000000000001\",\"body\":\"\","
                      "\"kind\":\"file\",\"attachments\":[{\"file_id\":\"%s\"}]}",
                      ids.file_id);
  ids_clear (&ids);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/desk/isolation/foreign-company", test_foreign_company);
  g_test_add_func ("/desk/isolation/foreign-queue", test_foreign_queue);
  g_test_add_func ("/desk/isolation/channels-of-others", test_channels_of_others);
  g_test_add_func ("/desk/isolation/visitors", test_visitors);
  g_test_add_func ("/desk/isolation/roles", test_agents_do_not_administer);
  g_test_add_func ("/desk/isolation/files-of-others", test_files_of_others);
  g_test_add_func ("/desk/isolation/lists", test_lists);
  g_test_add_func ("/desk/isolation/notes", test_notes_stay_inside);
  return g_test_run ();
}
