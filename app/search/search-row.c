/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/search-row.h"

#include "search/highlight.h"
#include "widgets/avatar.h"
#include "widgets/time-text.h"

struct _GuicheSearchRow {
  GtkListBoxRow parent_instance;

  GuicheAvatar *avatar;
  GtkLabel *title, *time, *snippet;

  GuicheSearchHit *hit; /* (owned) */
};

G_DEFINE_FINAL_TYPE (GuicheSearchRow, guiche_search_row, GTK_TYPE_LIST_BOX_ROW)

static void
guiche_search_row_dispose (GObject *object)
{
  g_clear_object (&GUICHE_SEARCH_ROW (object)->hit);
  G_OBJECT_CLASS (guiche_search_row_parent_class)->dispose (object);
}

static void
guiche_search_row_class_init (GuicheSearchRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = guiche_search_row_dispose;
  g_type_ensure (GUICHE_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/guiche/Guiche/search/search-row.ui");
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchRow, title);
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchRow, time);
  gtk_widget_class_bind_template_child (widget_class, GuicheSearchRow, snippet);
}

static void
guiche_search_row_init (GuicheSearchRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_text (GtkLabel *label, const char *text, const char *query)
{
  g_autoptr (PangoAttrList) attributes = guiche_highlight_new (text, query);

  gtk_label_set_text (label, text);
  gtk_label_set_attributes (label, attributes);
}

GtkWidget *
guiche_search_row_new (GuicheSearchHit *hit, const char *query)
{
  GuicheSearchRow *self = g_object_new (GUICHE_TYPE_SEARCH_ROW, NULL);
  g_autofree char *title = NULL;
  g_autofree char *snippet = NULL;
  g_autofree char *time = NULL;
  g_autofree char *accessible = NULL;
  gint64 at = 0;

  self->hit = g_object_ref (hit);
  g_object_get (hit, "title", &title, "snippet", &snippet, "at", &at, NULL);
  if (title == NULL)
    title = g_strdup ("");
  time = guiche_time_text_short (at, g_get_real_time ());
  show_text (self->title, title, query);
  show_text (self->snippet, snippet != NULL ? snippet : "", query);
  gtk_widget_set_visible (GTK_WIDGET (self->snippet), snippet != NULL && *snippet != '\0');
  gtk_label_set_text (self->time, time);
  guiche_avatar_set_text (self->avatar, title);
  accessible = g_strdup_printf ("%s, %s", title, snippet != NULL ? snippet : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible,
                                  -1);
  return GTK_WIDGET (self);
}

GuicheSearchHit *
guiche_search_row_get_hit (GuicheSearchRow *self)
{
  return self->hit;
}
