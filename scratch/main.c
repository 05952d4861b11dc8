#include "model/model-private.h"
#include "model/desk.h"
#include "chat/composer.h"
#include "chat/message-view.h"
#include <adwaita.h>
#include <gst/gst.h>
#include <sys/resource.h>
extern GListStore *the_list;
static GuicheComposer *composer; static GuicheMessageView *view; static GtkWidget *window;
static gint64 base;
static GuicheMessage *msg (guint i, const char *kind, const char *body, int who, GuicheMessagePlace place, const char *file, const char *type, gint64 state, const char *quote) {
  GuicheMessageRow *row = g_new0 (GuicheMessageRow, 1); row->seq = i + 1; row->id = g_strdup_printf ("m%u", i); row->client_id = g_strdup_printf ("k%u", i); row->conversation_id = g_strdup ("c1"); row->kind = g_strdup (kind); row->body = g_strdup (body);
  row->sender_kind = g_strdup (who == 1 ? "agent" : who == 2 ? "system" : "customer"); row->sender_id = g_strdup ("x"); row->sender_name = g_strdup (who ? "Ana Souza" : "Maria das Graças Oliveira"); row->at = base + i * 61000000ll; row->state = state;
  if (quote) { row->quote_id = g_strdup ("m1"); row->quote_seq = 2; row->quote_sender = g_strdup ("Maria das Graças"); row->quote_body = g_strdup (quote); }
  if (file) { row->file_id = g_strdup (file); row->file_name = g_path_get_basename (file); row->file_type = g_strdup (type); row->file_size = 234567; row->duration_ms = 7400; row->waveform = g_strdup ("05102030405060708090a0b0c0d0e0f0e0d0c0b0a0908070605040302010051020304050607080706050403020100510203040506070f0e0d0c0b0a0908070605040302010"); }
  GuicheMessage *m = guiche_message_new (); guiche_message_apply (m, row, who == 1); guiche_message_place (m, &place); return m; }
#define P(d,g,u) ((GuicheMessagePlace){ d, g, u })
static gboolean quit_cb (gpointer a) { g_application_quit (a); return G_SOURCE_REMOVE; }
static gboolean shot (gpointer a) { g_autofree char *c = g_strdup_printf ("import -window root %s", (char *) a); g_spawn_command_line_sync (c, NULL, NULL, NULL, NULL); return G_SOURCE_REMOVE; }
static gboolean act_note (gpointer a) { g_action_group_activate_action (guiche_composer_get_actions (composer), "note", NULL); return G_SOURCE_REMOVE; }
static GuicheConversation *conv (const char *state) {
  GuicheConversationRow *row = g_new0 (GuicheConversationRow, 1); row->id = g_strdup ("c1"); row->kind = g_strdup ("customer"); row->channel = g_strdup ("webchat"); row->title = g_strdup ("Maria das Graças Oliveira"); row->state = g_strdup (state); row->members = g_new0 (char *, 1);
  GuicheConversation *c = guiche_conversation_new ("c1"); guiche_conversation_apply (c, row, &(GuicheConversationContext){ 0 }); return c; }
static gboolean type_slash (gpointer a) { GuicheComposer *c = composer; guiche_composer_focus (c); g_spawn_command_line_sync ("xdotool type --delay 5 /", NULL, NULL, NULL, NULL); return G_SOURCE_REMOVE; }
static gboolean type_text (gpointer a) { guiche_composer_focus (composer); g_spawn_command_line_sync ("xdotool key BackSpace", NULL, NULL, NULL, NULL); g_spawn_command_line_sync ("xdotool type --delay 5 'Bom dia, tudo bem?'", NULL, NULL, NULL, NULL); return G_SOURCE_REMOVE; }
static gboolean press_enter (gpointer a) { g_spawn_command_line_sync ("xdotool key Return", NULL, NULL, NULL, NULL); return G_SOURCE_REMOVE; }
static gboolean quote (gpointer a) { GuicheMessage *m = g_list_model_get_item (G_LIST_MODEL (the_list), 1); guiche_composer_quote (composer, m); return G_SOURCE_REMOVE; }
static gboolean record (gpointer a) { g_action_group_activate_action (guiche_composer_get_actions (composer), "record", NULL); return G_SOURCE_REMOVE; }
static gboolean menu (gpointer a) { g_spawn_command_line_sync ("xdotool mousemove 130 300 click 3", NULL, NULL, NULL, NULL); return G_SOURCE_REMOVE; }
static gboolean closed (gpointer a) { guiche_composer_set_conversation (composer, conv ("closed")); return G_SOURCE_REMOVE; }
static void activate (GtkApplication *app) {
  const char *out = g_getenv ("SHOTS"); int width = atoi (g_getenv ("WIDTH") ?: "700");
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), "/io/github/guiche/Guiche/icons");
  const char *css[] = { "widgets", "audio", "chat" };
  for (int i = 0; i < 3; i++) { g_autofree char *p = g_strdup_printf ("/io/github/guiche/Guiche/%s/style.css", css[i]); GtkCssProvider *pr = gtk_css_provider_new (); gtk_css_provider_load_from_resource (pr, p); gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (pr), 600); }
  if (g_getenv ("DARK")) adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  GuicheDesk *desk = g_object_new (GUICHE_TYPE_DESK, NULL); GuichePlayer *player = guiche_player_new ();
  base = g_get_real_time () - 2 * 86400000000ll;
  the_list = g_list_store_new (GUICHE_TYPE_MESSAGE);
  guint n = 0;
  g_list_store_append (the_list, msg (n++, "system", "opened", 2, P (1, 1, 0), NULL, NULL, 3, NULL));
  g_list_store_append (the_list, msg (n++, "text", "Bom dia! Minha internet caiu de novo, já é a terceira vez esta semana. O que está acontecendo?", 0, P (0, 1, 0), NULL, NULL, 3, NULL));
  g_list_store_append (the_list, msg (n++, "text", "O LED do roteador está vermelho", 0, P (0, 0, 0), NULL, NULL, 3, NULL));
  g_list_store_append (the_list, msg (n++, "system", "accepted", 2, P (0, 1, 0), NULL, NULL, 3, NULL));
  g_list_store_append (the_list, msg (n++, "text", "Bom dia, Maria! Vou verificar agora mesmo. Enquanto isso, veja https://status.exemplo.com.br/fibra (página de avarias).", 1, P (0, 1, 0), NULL, NULL, 3, NULL));
  g_list_store_append (the_list, msg (n++, "text", "Um minuto.", 1, P (0, 0, 0), NULL, NULL, 2, NULL));
  g_list_store_append (the_list, msg (n++, "note", "Cliente com sinal óptico a -28 dBm: precisa de visita técnica.", 1, P (0, 1, 0), NULL, NULL, 1, NULL));
  g_list_store_append (the_list, msg (n++, "voice", "", 0, P (0, 1, 0), "/tmp/t4.oga", "audio/ogg", 3, NULL));
  g_list_store_append (the_list, msg (n++, "image", "", 0, P (0, 0, 0), "/tmp/router.png", "image/png", 3, NULL));
  g_list_store_append (the_list, msg (n++, "text", "Certo, abri um chamado: a visita fica para amanhã entre 8h e 10h. Pode ser?", 1, P (1, 1, 0), NULL, NULL, 2, "O LED do roteador está vermelho"));
  g_list_store_append (the_list, msg (n++, "voice", "", 1, P (0, 1, 0), "/tmp/t4.oga", "audio/ogg", 3, NULL));
  g_list_store_append (the_list, msg (n++, "file", "", 1, P (0, 1, 0), "/tmp/contrato de prestação.pdf", "application/pdf", 1, NULL));
  g_list_store_append (the_list, msg (n++, "text", "Pode sim, obrigada! ❤️", 0, P (0, 1, 1), NULL, NULL, 3, NULL));
  GuicheMessage *failed = msg (n++, "text", "Combinado!", 1, P (0, 1, 0), NULL, NULL, 0, NULL); guiche_message_set_failure (failed, "network"); g_list_store_append (the_list, failed);
  g_list_store_append (the_list, msg (n++, "text", "Até amanhã.", 1, P (0, 0, 0), NULL, NULL, 0, NULL));
  window = adw_application_window_new (app);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GuicheAttachments *att = guiche_attachments_new (desk, player);
  view = GUICHE_MESSAGE_VIEW (guiche_message_view_new (att)); composer = GUICHE_COMPOSER (guiche_composer_new (desk, player));
  gtk_widget_set_vexpand (GTK_WIDGET (view), TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ()); gtk_box_append (GTK_BOX (box), GTK_WIDGET (view)); gtk_box_append (GTK_BOX (box), GTK_WIDGET (composer));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 860);
  guiche_composer_set_conversation (composer, conv ("open"));
  guiche_message_view_set_messages (view, G_LIST_MODEL (the_list), G_MAXUINT);
  gtk_window_present (GTK_WINDOW (window));
  int t = 900;
#define S(name) g_timeout_add (t, shot, g_strdup_printf ("%s-%s.png", out, name)), t += 300
  S ("plain"); g_timeout_add (t, type_slash, NULL); t += 500; S ("slash"); g_timeout_add (t, type_text, NULL); t += 600; g_timeout_add (t, quote, NULL); t += 300; S ("quote"); g_timeout_add (t, press_enter, NULL); t += 700; S ("undo");
  g_timeout_add (t, act_note, NULL); t += 400; S ("note"); g_timeout_add (t, act_note, NULL); t += 200; g_timeout_add (t, menu, NULL); t += 600; S ("menu"); g_timeout_add (t, record, NULL); t += 2500; S ("record"); g_timeout_add (t, record, NULL); t += 600;  g_timeout_add (t, closed, NULL); t += 400; S ("closed");
  g_timeout_add (t, quit_cb, app);
}
int main (int argc, char **argv) { gst_init (NULL, NULL); AdwApplication *app = adw_application_new ("io.github.guiche.Guiche", G_APPLICATION_NON_UNIQUE); g_signal_connect (app, "activate", G_CALLBACK (activate), NULL); return g_application_run (G_APPLICATION (app), argc, argv); }
