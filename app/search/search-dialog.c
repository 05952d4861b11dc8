/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/search-dialog.h"

#include "search/search-row.h"

#include <glib/gi18n.h>

struct _GuicheSearchDialog {
  AdwWindow parent_instance;

  GtkEditable *entry;
  GtkStack *stack;
  GtkListBox *hits;

  GuicheDesk *desk;          /* (owned) */
  GCancellable *cancellable; /* (owned) (nullable): of the search under way */
};

G_DEFINE_FINAL_TYPE (GuicheSearchDialog, guiche_search_dialog, ADW_TYPE_WINDOW)

enum {
  SIGNAL_HIT_CHOSEN,
  SIGNAL_PERSON_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GuicheHitKind
kind_of (GtkListBoxRow *row)
{
  int kind = 0;

  g_object_get (guiche_search_row_get_hit (GUICHE_SEARCH_ROW (row)), "kind", &kind, NULL);
  return kind;
}

static const char *
heading_of (GuicheHitKind kind)
{
  switch (kind) {
  case GUICHE_HIT_PERSON:
    return _ ("People");
  case GUICHE_HIT_CONVERSATION:
    return _ ("Conversations");
  case GUICHE_HIT_MESSAGE:
  default:
    return _ ("Messages");
  }
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer user_data)
{
  GtkWidget *heading;

  if (before != NULL && kind_of (before) == kind_of (row)) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  heading = gtk_label_new (heading_of (kind_of (row)));
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "search-heading");
  gtk_list_box_row_set_header (row, heading);
}

static void
remove_hits (GuicheSearchDialog *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->hits))) != NULL)
    gtk_list_box_remove (self->hits, row);
}

static void
show_hits (GuicheSearchDialog *self, GListModel *hits)
{
  guint n = g_list_model_get_n_items (hits);

  remove_hits (self);
  for (guint i = 0; i < n; i++) {
    g_autoptr (GuicheSearchHit) hit = g_list_model_get_item (hits, i);

    gtk_list_box_append (self->hits,
                         guiche_search_row_new (hit, gtk_editable_get_text (self->entry)));
  }
  gtk_list_box_select_row (self->hits, gtk_list_box_get_row_at_index (self->hits, 0));
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "hits" : "none");
}

static void
on_found (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GuicheSearchDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) hits = guiche_desk_search_finish (GUICHE_DESK (desk), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->desk == NULL)
    return;
  if (hits == NULL) {
    gtk_stack_set_visible_child_name (self->stack, "none");
    return;
  }
  show_hits (self, hits);
}

static void
on_search_changed_cb (GuicheSearchDialog *self)
{
  g_autofree char *query = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (*query == '\0') {
    remove_hits (self);
    gtk_stack_set_visible_child_name (self->stack, "start");
    return;
  }
  self->cancellable = g_cancellable_new ();
  guiche_desk_search_async (self->desk, query, self->cancellable, on_found, g_object_ref (self));
}

/* The person behind a hit: a colleague opens a direct conversation, a customer their latest one. */
static gboolean
choose_person (GuicheSearchDialog *self, GuicheSearchHit *hit)
{
  GListModel *people = guiche_desk_get_people (self->desk);
  g_autofree char *user_id = NULL;

  g_object_get (hit, "user-id", &user_id, NULL);
  if (user_id == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (people); i++) {
    g_autoptr (GuichePerson) person = g_list_model_get_item (people, i);

    if (g_strcmp0 (guiche_person_get_id (person), user_id) == 0) {
      g_signal_emit (self, signals[SIGNAL_PERSON_CHOSEN], 0, person);
      return TRUE;
    }
  }
  return FALSE;
}

static void
choose (GuicheSearchDialog *self, GuicheSearchHit *hit)
{
  g_autofree char *conversation_id = NULL;
  gint64 seq = 0;

  g_object_get (hit, "conversation-id", &conversation_id, "message-seq", &seq, NULL);
  if (conversation_id != NULL)
    g_signal_emit (self, signals[SIGNAL_HIT_CHOSEN], 0, conversation_id, seq);
  else if (!choose_person (self, hit))
    return;
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_row_activated_cb (GuicheSearchDialog *self, GtkListBoxRow *row)
{
  g_autoptr (GuicheSearchHit) hit =
                 g_object_ref (guiche_search_row_get_hit (GUICHE_SEARCH_ROW (row)));

  choose (self, hit);
}

static void
on_entry_activate_cb (GuicheSearchDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->hits);

  if (row != NULL)
    on_row_activated_cb (self, row);
}

static void
on_stop_search_cb (GuicheSearchDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
scroll_to (GuicheSearchDialog *self, GtkWidget *row)
{
  GtkAdjustment *adjustment = gtk_list_box_get_adjustment (self->hits);
  double y = 0;

  if (adjustment == NULL ||
      !gtk_widget_translate_coordinates (row, GTK_WIDGET (self->hits), 0, 0, NULL, &y))
    return;
  gtk_adjustment_clamp_page (adjustment, y, y + gtk_widget_get_height (row));
}

/* Up and Down move the choice while the cursor stays in the entry. */
static gboolean
on_key_pressed (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                gpointer user_data)
{
  GuicheSearchDialog *self = user_data;
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->hits);
  int index = selected != NULL ? gtk_list_box_row_get_index (selected) : -1;
  GtkListBoxRow *next;

  if (keyval != GDK_KEY_Down && keyval != GDK_KEY_Up)
    return GDK_EVENT_PROPAGATE;

  next = gtk_list_box_get_row_at_index (self->hits,
                                        keyval == GDK_KEY_Down ? index + 1 : MAX (index - 1, 0));
  if (next != NULL) {
    gtk_list_box_select_row (self->hits, next);
    scroll_to (self, GTK_WIDGET (next));
  }
  return GDK_EVENT_STOP;
}

static void
guiche_search_dialog_dispose (GObject *object)
{
  GuicheSearchDialog *self = GUICHE_SEARCH_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (guiche_search_dialog_parent_class)->dispose (object);
}

static void
guiche_search_dialog_class_init (GuicheSearchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_search_dialog_dispose;
  signals[SIGNAL_HIT_CHOSEN] =
      g_signal_new ("hit-chosen", GUICHE_TYPE_SEARCH_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT64);
  signals[SIGNAL_PERSON_CHOSEN] =
      g_signal_new ("person-chosen", GUICHE_TYPE_SEARCH_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, GUICHE_TYPE_PERSON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/search/search-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchDialog, hits);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
}

static void
guiche_search_dialog_init (GuicheSearchDialog *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->hits, update_header, NULL, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->entry), GTK_WIDGET (self));
}

GtkWidget *
guiche_search_dialog_new (GuicheDesk *desk)
{
  GuicheSearchDialog *self = g_object_new (GUICHE_TYPE_SEARCH_DIALOG, NULL);

  self->desk = g_object_ref (desk);
  return GTK_WIDGET (self);
}
