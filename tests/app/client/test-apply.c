/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "client/cache.h"
#include "client/local.h"
#include "client/schema-store.h"
#include "client/stores.h"
#include "support/desktop.h"
#include "support/fake-server.h"

#include <glib/gstdio.h>
#include <string.h>

/* What every kind of event does to the cache. */

#define CUSTOMER "00000000-0000-7000-8000-0000000000b1"
#define OTHER "00000000-0000-7000-8000-00000000000d"
#define CLIENT_ID "00000000-0000-7000-8000-0000000000e1"

typedef struct {
  char *directory;
  GuicheCache *cache;
  gint64 seq;
} Fixture;

static GuicheChanges *
apply_text (Fixture *fixture, GuicheCacheInput input, const char *text, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (texts, g_bytes_new (text, strlen (text)));
  return guiche_cache_apply_sync (fixture->cache, input, texts, error);
}

/* @data takes `'` for `"`. */
static GuicheChanges *
happen_at (Fixture *fixture, gint64 seq, const char *kind, const char *data)
{
  g_autofree char *json = g_strdelimit (g_strdup (data), "'", '"');
  g_autofree char *event = g_strdup_printf (
      "{\"seq\":%" G_GINT64_FORMAT ",\"at\":1,\"kind\":\"%s\",\"data\":%s}", seq, kind, json);
  g_autoptr (GError) error = NULL;
  GuicheChanges *changes = apply_text (fixture, GUICHE_CACHE_EVENTS, event, &error);

  g_assert_no_error (error);
  g_assert_nonnull (changes);
  return changes;
}

static GuicheChanges *
happen (Fixture *fixture, const char *kind, const char *data)
{
  return happen_at (fixture, ++fixture->seq, kind, data);
}

#define USER_JSON(id, name, role)                                                                  \
  "{'id':'" id "','login':'l','name':'" name "','role':'" role                                     \
  "','is_enabled':true,'queues':['financial']}"

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *conversation = guiche_fake_conversation_json (0, "open");
  g_autofree char *snapshot = NULL;
  g_autoptr (GuicheChanges) changes = NULL;
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("guiche-apply-XXXXXX", NULL);
  fixture->cache = guiche_cache_open (fixture->directory, &error);
  g_assert_no_error (error);
  snapshot = g_strdup_printf (
      "{'seq':10,'me':" USER_JSON (GUICHE_FAKE_ME, "Ana", "agent") ",'users':[" USER_JSON (
          GUICHE_FAKE_ME, "Ana", "agent") "],'conversations':[%s]}",
      conversation);
  g_strdelimit (snapshot, "'", '"');
  changes = apply_text (fixture, GUICHE_CACHE_FRESH_SNAPSHOT, snapshot, &error);
  g_assert_no_error (error);
  g_assert_true (changes->is_everything);
  fixture->seq = 10;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  guiche_cache_close (fixture->cache);
  guiche_test_remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static GuicheConversationRow *
read_conversation (Fixture *fixture)
{
  return guiche_conversation_store_read (guiche_cache_reader (fixture->cache),
                                         GUICHE_FAKE_CONVERSATION);
}

static GPtrArray *
read_messages (Fixture *fixture)
{
  return guiche_message_store_list (guiche_cache_reader (fixture->cache), GUICHE_FAKE_CONVERSATION,
                                    1, 1000);
}

static GuicheChanges *
create_message (Fixture *fixture,
                gint64 seq,
                const char *client_id,
                const char *sender_id,
                const char *body)
{
  g_autofree char *message = guiche_fake_message_json (seq, client_id, sender_id, body);
  g_autofree char *data =
      g_strdup_printf ("{'message':%s,'conversation':{'id':'" GUICHE_FAKE_CONVERSATION
                       "','last_seq':%" G_GINT64_FORMAT ",'last_message':{'seq':%" G_GINT64_FORMAT
                       ",'sender_kind':'customer','sender_name':'X','kind':'text','body':'%s',"
                       "'at':7},'waiting_since':9,'updated_at':9,'state':'open'}}",
                       message, seq, seq, body);

  return happen (fixture, "message.created", data);
}

static void
test_message_created (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) changes = create_message (fixture, 1, CLIENT_ID, OTHER, "oi");
  g_autoptr (GuicheConversationRow) conversation = read_conversation (fixture);
  g_autoptr (GPtrArray) messages = read_messages (fixture);

  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpint (conversation->last_seq, ==, 1);
  g_assert_cmpint (conversation->waiting_since, ==, 9);
  g_assert_cmpstr (conversation->last_body, ==, "oi");
  g_assert_cmpuint (changes->fresh->len, ==, 1);
  g_assert_cmpuint (changes->own->len, ==, 0);
  g_assert_cmpint (changes->seq, ==, 11);
  g_assert_cmpint (guiche_cache_get_seq (fixture->cache), ==, 11);
}

static void
test_replayed_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) once = create_message (fixture, 1, CLIENT_ID, OTHER, "oi");
  g_autoptr (GuicheChanges) again = NULL;
  g_autoptr (GPtrArray) messages = NULL;

  fixture->seq--;
  again = create_message (fixture, 1, CLIENT_ID, OTHER, "outra coisa");
  messages = read_messages (fixture);
  g_assert_cmpuint (messages->len, ==, 1);
  g_assert_cmpstr (((GuicheMessageRow *) g_ptr_array_index (messages, 0))->body, ==, "oi");
  g_assert_cmpuint (again->fresh->len, ==, 0);
}

static void
test_own_message (Fixture *fixture, gconstpointer data)
{
  g_autofree char *message = guiche_fake_message_json (1, CLIENT_ID, GUICHE_FAKE_ME, "minha");
  g_autoptr (GuicheChanges) answer = apply_text (fixture, GUICHE_CACHE_OWN_MESSAGE, message, NULL);
  g_autoptr (GuicheChanges) event = create_message (fixture, 1, CLIENT_ID, GUICHE_FAKE_ME, "minha");
  g_autoptr (GPtrArray) messages = read_messages (fixture);

  g_assert_cmpuint (answer->own->len, ==, 1);
  g_assert_cmpuint (event->own->len, ==, 1);
  g_assert_cmpuint (event->fresh->len, ==, 0);
  g_assert_cmpuint (messages->len, ==, 1);
}

static void
test_message_updated (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) created = create_message (fixture, 1, CLIENT_ID, OTHER, "erada");
  g_autofree char *message = guiche_fake_message_json (1, CLIENT_ID, OTHER, "errada");
  g_autofree char *event = g_strdup_printf ("{'message':%s}", message);
  g_autoptr (GuicheChanges) changes = happen (fixture, "message.updated", event);
  g_autoptr (GPtrArray) messages = read_messages (fixture);
  g_autoptr (GuicheConversationRow) conversation = read_conversation (fixture);

  g_assert_cmpstr (((GuicheMessageRow *) g_ptr_array_index (messages, 0))->body, ==, "errada");
  g_assert_cmpstr (conversation->last_body, ==, "errada");
  g_assert_nonnull (g_hash_table_lookup (changes->messages, GUICHE_FAKE_CONVERSATION));
}

static void
test_delivery_never_goes_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) one = happen (fixture, "message.delivery",
                                          "{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                                          "','side':'customer','state':3,'seq':5}");
  g_autoptr (GuicheChanges) other = happen (fixture, "message.delivery",
                                            "{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                                            "','side':'customer','state':2,'seq':4}");
  g_autoptr (GuicheConversationRow) conversation = read_conversation (fixture);

  g_assert_cmpint (conversation->customer_read_seq, ==, 5);
  g_assert_cmpint (conversation->customer_delivered_seq, ==, 5);
  g_assert_cmpint (conversation->agent_read_seq, ==, 0);
}

static void
test_conversation_replaced (Fixture *fixture, gconstpointer data)
{
  g_autofree char *conversation = guiche_fake_conversation_json (3, "waiting");
  g_autofree char *event = g_strdup_printf ("{'conversation':%s}", conversation);
  g_autoptr (GuicheChanges) changes = happen (fixture, "conversation.updated", event);
  g_autoptr (GuicheConversationRow) row = read_conversation (fixture);

  g_assert_cmpstr (row->state, ==, "waiting");
  g_assert_cmpint (row->last_seq, ==, 3);
  g_assert_true (g_hash_table_contains (changes->waiting, GUICHE_FAKE_CONVERSATION));
}

static void
test_moved_away (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) created = create_message (fixture, 1, CLIENT_ID, OTHER, "oi");
  g_autoptr (GuicheChanges) stays =
                 happen (fixture, "conversation.moved",
                         "{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                         "','from_queue':'commercial','queue':'financial','assignee_id':null}");
  g_autoptr (GuicheConversationRow) still = read_conversation (fixture);
  g_autoptr (GuicheChanges) leaves =
                 happen (fixture, "conversation.moved",
                         "{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                         "','from_queue':'financial','queue':'commercial','assignee_id':null}");
  g_autoptr (GuicheConversationRow) gone = read_conversation (fixture);
  g_autoptr (GPtrArray) messages = read_messages (fixture);

  g_assert_nonnull (still);
  g_assert_null (gone);
  g_assert_cmpuint (messages->len, ==, 0);
}

static void
test_access_changed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *conversation = guiche_fake_conversation_json (0, "waiting");
  g_autofree char *unassigned = g_strdup (conversation);
  g_autofree char *event = NULL;
  g_autoptr (GuicheChanges) first = NULL, changes = NULL;
  g_autoptr (GuicheConversationRow) row = NULL;

  memcpy (strstr (unassigned, "assignee_id\":\"") + 14, OTHER, strlen (OTHER));
  event = g_strdup_printf ("{'conversation':%s}", unassigned);
  first = happen (fixture, "conversation.updated", event);
  changes = happen (fixture, "access.changed",
                    "{'user_id':'" GUICHE_FAKE_ME
                    "','role':'agent','queues':['commercial'],'channels':[]}");
  row = read_conversation (fixture);
  g_assert_null (row);
  g_assert_true (changes->has_access);
}

static void
test_people_and_lists (Fixture *fixture, gconstpointer data)
{
  GuicheDatabase *db = guiche_cache_reader (fixture->cache);
  g_autoptr (GuicheChanges) user = happen (fixture, "user.created",
                                           "{'user':" USER_JSON (OTHER, "Bruno", "agent") "}");
  g_autoptr (GuicheChanges) queue = happen (
      fixture, "queue.updated",
      "{'queue':{'id':'" OTHER
      "','key':'financial','name':'Financeiro','priority':3,'position':1,'members':['" OTHER
      "']}}");
  g_autoptr (GuicheChanges) reply = happen (
      fixture, "canned_reply.updated",
      "{'canned_reply':{'id':'" OTHER "','shortcut':'oi','title':'T','body':'B','updated_at':1}}");
  g_autoptr (GuicheChanges) customer = happen (
      fixture, "customer.updated",
      "{'customer':{'id':'" CUSTOMER
      "','name':'José','phones':['5581999990000'],'emails':[],'document':null,'contract':null,'"
      "plan':null,'address':null,'status':'active','notes':null,'created_at':1,'updated_at':1}}");
  g_autoptr (GPtrArray) users = guiche_user_store_list (db);
  g_autoptr (GPtrArray) queues = guiche_queue_store_list (db);
  g_autoptr (GPtrArray) replies = guiche_canned_reply_store_list (db);
  g_autoptr (GuicheCustomerRow) row = guiche_customer_store_read (db, CUSTOMER);
  g_autoptr (GuicheChanges) deleted =
                 happen (fixture, "canned_reply.deleted", "{'id':'" OTHER "'}");
  g_autoptr (GPtrArray) none = guiche_canned_reply_store_list (db);

  g_assert_cmpuint (users->len, ==, 2);
  g_assert_cmpuint (queues->len, ==, 1);
  g_assert_cmpuint (replies->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpstr (row->name, ==, "José");
  g_assert_cmpstr (row->phones[0], ==, "5581999990000");
  g_assert_true (user->has_people && queue->has_queues && reply->has_canned_replies);
  g_assert_true (g_hash_table_contains (customer->customers, CUSTOMER));
}

static void
test_personal_things (Fixture *fixture, gconstpointer data)
{
  GuicheDatabase *db = guiche_cache_reader (fixture->cache);
  g_autoptr (GuicheChanges) draft = happen (fixture, "draft.saved",
                                            "{'draft':{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                                            "','body':'meio','updated_at':1}}");
  g_autofree char *body = guiche_draft_store_dup (db, GUICHE_FAKE_CONVERSATION), *none = NULL;
  g_autoptr (GuicheChanges) empty = happen (fixture, "draft.saved",
                                            "{'draft':{'conversation_id':'" GUICHE_FAKE_CONVERSATION
                                            "','body':'','updated_at':1}}");
  g_autoptr (GuicheChanges) mark = happen (
      fixture, "read.marked",
      "{'read_mark':{'conversation_id':'" GUICHE_FAKE_CONVERSATION "','seq':4}}");
  g_autoptr (GuicheChanges) lower = happen (
      fixture, "read.marked",
      "{'read_mark':{'conversation_id':'" GUICHE_FAKE_CONVERSATION "','seq':2}}");
  g_autoptr (GuicheChanges) later = happen (
      fixture, "scheduled.updated",
      "{'scheduled_message':{'id':'" OTHER "','conversation_id':'" GUICHE_FAKE_CONVERSATION
      "','client_id':'" CLIENT_ID "','body':'x','send_at':9}}");
  g_autoptr (GuicheChanges) removed =
                 happen (fixture, "scheduled.removed",
                         "{'id':'" OTHER "','conversation_id':'" GUICHE_FAKE_CONVERSATION "'}");
  g_autoptr (GuicheConversationRow) row = read_conversation (fixture);

  none = guiche_draft_store_dup (db, GUICHE_FAKE_CONVERSATION);
  g_assert_cmpstr (body, ==, "meio");
  g_assert_null (none);
  g_assert_cmpint (row->read_seq, ==, 4);
  g_assert_true (later->has_scheduled && removed->has_scheduled);
}

static void
test_what_is_not_understood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GuicheChanges) unknown = happen (fixture, "moon.rose", "{'x':1}");

  g_assert_cmpint (unknown->seq, ==, 11);
  g_test_expect_message ("guiche-client", G_LOG_LEVEL_WARNING, "*not understood*");
  g_autoptr (GuicheChanges) broken =
                 happen (fixture, "message.created", "{'message':{'seq':'one'}}");
  g_test_assert_expected_messages ();
  g_assert_cmpint (broken->seq, ==, 12);
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autofree char *message = guiche_fake_message_json (1, CLIENT_ID, OTHER, "oi");
  g_autofree char *event = g_strdup_printf (
      "{\"seq\":11,\"at\":1,\"kind\":\"message.created\",\"data\":{\"message\":%s}}", message);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = NULL;

  g_ptr_array_add (texts, g_bytes_new (event, strlen (event)));
  g_ptr_array_add (texts, g_bytes_new_static ("{\"seq\":12,", 10));
  g_assert_null (guiche_cache_apply_sync (fixture->cache, GUICHE_CACHE_EVENTS, texts, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_INVALID_JSON);
  messages = read_messages (fixture);
  g_assert_cmpuint (messages->len, ==, 0);
  g_assert_cmpint (guiche_cache_get_seq (fixture->cache), ==, 10);
}

/* Files that are damaged, or of another version. */

static void
test_rebuilt (gconstpointer data)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), data, NULL);
  g_autofree char *path = g_build_filename (directory, "cache.db", NULL);
  g_autoptr (GuicheCache) cache = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (directory, 0700);
  if (strcmp (data, "damaged") == 0) {
    g_autofree char *noise = g_strnfill (20000, 'x');
    g_assert_true (g_file_set_contents (path, noise, 20000, NULL));
  } else {
    g_autoptr (GuicheDatabase) db = guiche_database_open (path, GUICHE_DATABASE_WRITE, &error);
    g_assert_true (
        guiche_database_create (db, guiche_cache_schema, GUICHE_CACHE_VERSION + 1, &error));
  }
  cache = guiche_cache_open (directory, &error);
  g_assert_no_error (error);
  g_assert_true (guiche_cache_was_rebuilt (cache));
  g_assert_cmpint (guiche_cache_get_seq (cache), ==, 0);
}

static void
test_outbox_put_aside (void)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "aside", NULL);
  g_autofree char *path = g_build_filename (directory, "outbox.db", NULL);
  g_autoptr (GuicheLocal) local = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  gboolean is_kept = FALSE;

  g_mkdir_with_parents (directory, 0700);
  g_assert_true (g_file_set_contents (
      path, "this is not a database, but long enough to be looked at", -1, NULL));
  g_test_expect_message ("guiche-client", G_LOG_LEVEL_WARNING, "*kept as*");
  local = guiche_local_open (directory, &error);
  g_test_assert_expected_messages ();
  g_assert_no_error (error);
  dir = g_dir_open (directory, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    is_kept |= g_str_has_prefix (name, "outbox.db.damaged-");
  g_assert_true (is_kept);
}

static void
test_outbox_of_a_newer_version (void)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "newer", NULL);
  g_autofree char *path = g_build_filename (directory, "outbox.db", NULL);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (directory, 0700);
  {
    g_autoptr (GuicheDatabase) db = guiche_database_open (path, GUICHE_DATABASE_DURABLE, &error);
    g_assert_true (
        guiche_database_create (db, guiche_outbox_schema, GUICHE_OUTBOX_VERSION + 1, &error));
  }
  g_assert_null (guiche_local_open (directory, &error));
  g_assert_error (error, GUICHE_ERROR, GUICHE_ERROR_DATABASE_NEWER);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  guiche_test_isolate ();
  add ("/client/apply/message-created", test_message_created);
  add ("/client/apply/replayed-twice", test_replayed_twice);
  add ("/client/apply/own-message", test_own_message);
  add ("/client/apply/message-updated", test_message_updated);
  add ("/client/apply/delivery-never-goes-down", test_delivery_never_goes_down);
  add ("/client/apply/conversation-replaced", test_conversation_replaced);
  add ("/client/apply/moved-away", test_moved_away);
  add ("/client/apply/access-changed", test_access_changed);
  add ("/client/apply/people-and-lists", test_people_and_lists);
  add ("/client/apply/personal-things", test_personal_things);
  add ("/client/apply/what-is-not-understood", test_what_is_not_understood);
  add ("/client/apply/all-or-nothing", test_all_or_nothing);
  g_test_add_data_func ("/client/cache/damaged", "damaged", test_rebuilt);
  g_test_add_data_func ("/client/cache/newer", "newer", test_rebuilt);
  g_test_add_func ("/client/outbox/put-aside", test_outbox_put_aside);
  g_test_add_func ("/client/outbox/of-a-newer-version", test_outbox_of_a_newer_version);
  result = g_test_run ();
  guiche_test_isolate_end ();
  return result;
}
