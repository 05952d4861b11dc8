#include "model/model-private.h"
#include "model/desk.h"
struct _GuicheDesk { GObject p; GListStore *canned, *people; GuichePerson *me; char *draft; };
G_DEFINE_FINAL_TYPE (GuicheDesk, guiche_desk, G_TYPE_OBJECT)
static void guiche_desk_class_init (GuicheDeskClass *k) {}
static void guiche_desk_init (GuicheDesk *s) { s->canned = g_list_store_new (GUICHE_TYPE_CANNED_REPLY); s->people = g_list_store_new (GUICHE_TYPE_PERSON);
 GuicheCannedReplyRow r = {"1","bol","Segunda via do boleto","Olá {{customer.first_name}}, segue a segunda via do seu boleto. Qualquer dúvida, estou à disposição!",0};
 GuicheCannedReplyRow r2 = {"2","reinicia","Reiniciar o roteador","{{customer.first_name}}, desligue o roteador da tomada por 30 segundos e ligue de novo, por favor.",0};
 g_list_store_append (s->canned, guiche_canned_reply_new (&r)); g_list_store_append (s->canned, guiche_canned_reply_new (&r2));
 GuicheUserRow u = {"u1","ana","Ana Souza","agent","","",TRUE,NULL}; s->me = guiche_person_new (&u, TRUE);
 GuicheUserRow u2 = {"u2","bruno","Bruno Lima","agent","","",TRUE,NULL}; g_list_store_append (s->people, s->me); g_list_store_append (s->people, guiche_person_new (&u2, FALSE)); }
GListModel *guiche_desk_get_canned_replies (GuicheDesk *s) { return G_LIST_MODEL (s->canned); }
GListModel *guiche_desk_get_people (GuicheDesk *s) { return G_LIST_MODEL (s->people); }
GuichePerson *guiche_desk_get_me (GuicheDesk *s) { return s->me; }
GListStore *the_list;
static GuicheMessage *make (const char *kind, const char *body, gboolean mine, gint64 at) {
  GuicheMessageRow *row = g_new0 (GuicheMessageRow, 1); row->id = g_uuid_string_random (); row->client_id = g_uuid_string_random (); row->conversation_id = g_strdup ("c1"); row->kind = g_strdup (kind); row->body = g_strdup (body);
  row->sender_kind = g_strdup (mine ? "agent" : "customer"); row->sender_id = g_strdup ("x"); row->sender_name = g_strdup (mine ? "Ana Souza" : "Maria das Graças"); row->at = at;
  GuicheMessage *m = guiche_message_new (); guiche_message_apply (m, row, mine); return m; }
GuicheMessage *guiche_desk_send (GuicheDesk *s, GuicheConversation *c, const GuicheOutgoing *o, GError **e) { GuicheMessage *m = make (o->kind, o->body, TRUE, g_get_real_time ()); if (the_list) g_list_store_append (the_list, m); return m; }
gboolean guiche_desk_undo_send (GuicheDesk *s, GuicheMessage *m) { guint p; if (the_list && g_list_store_find (the_list, m, &p)) g_list_store_remove (the_list, p); return TRUE; }
void guiche_desk_retry_send (GuicheDesk *s, GuicheMessage *m) {}
void guiche_desk_discard_send (GuicheDesk *s, GuicheMessage *m) {}
void guiche_desk_set_draft (GuicheDesk *s, GuicheConversation *c, const char *b) { g_free (s->draft); s->draft = g_strdup (b); }
char *guiche_desk_dup_draft (GuicheDesk *s, GuicheConversation *c) { return g_strdup (s->draft); }
void guiche_desk_mark_read (GuicheDesk *s, GuicheConversation *c) {}
void guiche_desk_set_typing (GuicheDesk *s, GuicheConversation *c, gboolean t) {}
void guiche_desk_set_viewing (GuicheDesk *s, GuicheConversation *c) {}
void guiche_desk_edit_message_async (GuicheDesk *s, GuicheMessage *m, const char *b, GCancellable *c, GAsyncReadyCallback f, gpointer d) {}
void guiche_desk_delete_message_async (GuicheDesk *s, GuicheMessage *m, GCancellable *c, GAsyncReadyCallback f, gpointer d) {}
gboolean guiche_desk_action_finish (GuicheDesk *s, GAsyncResult *r, char **o, GError **e) { return TRUE; }
void guiche_desk_fetch_file_async (GuicheDesk *s, const char *id, GCancellable *c, GAsyncReadyCallback f, gpointer d) { GTask *t = g_task_new (s, c, f, d); g_task_return_pointer (t, g_strdup (id), g_free); g_object_unref (t); }
char *guiche_desk_fetch_file_finish (GuicheDesk *s, GAsyncResult *r, GError **e) { return g_task_propagate_pointer (G_TASK (r), e); }
struct _GuicheMessageList { GObject p; };
G_DEFINE_FINAL_TYPE (GuicheMessageList, guiche_message_list, G_TYPE_OBJECT)
static void guiche_message_list_class_init (GuicheMessageListClass *k) {}
static void guiche_message_list_init (GuicheMessageList *s) {}
GuicheMessageList *guiche_message_list_new (GuicheDesk *d, GuicheConversation *c) { return NULL; }
guint guiche_message_list_find_seq (GuicheMessageList *s, gint64 q) { return G_MAXUINT; }
guint guiche_message_list_find_time (GuicheMessageList *s, gint64 q) { return G_MAXUINT; }
guint guiche_message_list_find_first_unread (GuicheMessageList *s) { return G_MAXUINT; }
